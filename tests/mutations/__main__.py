from tests.mutations.command import main

raise SystemExit(main())
