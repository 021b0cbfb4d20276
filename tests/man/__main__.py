"""Write the pages."""

from tests.man import FOLDER, PAGES

for name, page in PAGES.items():
    FOLDER.joinpath(name).write_text(page(), encoding="utf-8")
