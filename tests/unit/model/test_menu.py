from fui.model.menu import FileSpec, Folder
from tests.playbook import BACKUP, FOLDER, MENU


def test_each_folder_once() -> None:
    assert MENU.folders == (FOLDER, BACKUP)


def test_staging_is_beside_the_folder() -> None:
    assert Folder("/srv/controls/Apache", FileSpec(None, None, 0)).staging == "/srv/controls/.fui"
