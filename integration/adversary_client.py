"""An SMB client without manners: it marks files for deletion, keeps them open, and leaves without a word.

Rules: one user's session over a connection of its own. Names go to the server as they are. What the
server refuses is an `SmbError`, as with the clients of `integration.smb`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self
from uuid import uuid4

from smbprotocol.connection import Connection
from smbprotocol.exceptions import SMBResponseException
from smbprotocol.file_info import FileDispositionInformation, FileRenameInformation
from smbprotocol.header import Commands
from smbprotocol.open import (
    CreateDisposition,
    CreateOptions,
    FileAttributes,
    FilePipePrinterAccessMask,
    ImpersonationLevel,
    Open,
    ShareAccess,
    SMB2SetInfoRequest,
    SMB2SetInfoResponse,
)
from smbprotocol.session import Session
from smbprotocol.tree import TreeConnect

from integration.inside import PASSWORD
from integration.smb import NAMES, SERVER, SHARE, SmbError

ACCESS = (
    FilePipePrinterAccessMask.DELETE
    | FilePipePrinterAccessMask.FILE_READ_ATTRIBUTES
    | FilePipePrinterAccessMask.SYNCHRONIZE
)
OTHERS_MAY_ALL = (
    ShareAccess.FILE_SHARE_READ | ShareAccess.FILE_SHARE_WRITE | ShareAccess.FILE_SHARE_DELETE
)


class Rude:
    """A session of a user, in which each step of a deletion is one call."""

    def __init__(self, port: int, user: str, share: str = SHARE, password: str = PASSWORD) -> None:
        """Connect."""
        self._connection = Connection(uuid4(), SERVER, port)
        self._connection.connect()
        try:
            with _refusals():
                self._session = Session(self._connection, user, password, require_encryption=False)
                self._session.connect()
                self._tree = TreeConnect(self._session, rf"\\{SERVER}\{share}")
                self._tree.connect(require_secure_negotiate=False)
        except BaseException:
            self.drop()
            raise

    def open(self, path: str, *, new: bool = False, delete_on_close: bool = False) -> Any:  # noqa: ANN401 - the library has no types
        """Open a file, so that others can do with it what they like; give the handle."""
        handle = Open(self._tree, path.replace("/", "\\"))
        options = CreateOptions.FILE_NON_DIRECTORY_FILE
        with _refusals():
            handle.create(
                ImpersonationLevel.Impersonation,
                ACCESS,
                FileAttributes.FILE_ATTRIBUTE_NORMAL,
                OTHERS_MAY_ALL,
                CreateDisposition.FILE_OPEN_IF if new else CreateDisposition.FILE_OPEN,
                options | (CreateOptions.FILE_DELETE_ON_CLOSE if delete_on_close else 0),
            )
        return handle

    def mark(self, handle: Any, *, really: bool = True) -> None:  # noqa: ANN401
        """Have the server delete the file, when the last who has it open closes it; or not."""
        marked = FileDispositionInformation()
        marked["delete_pending"] = really
        self._set(handle, marked)

    def rename(self, handle: Any, path: str, *, over: bool = False) -> None:  # noqa: ANN401
        """Give the file another name."""
        renamed = FileRenameInformation()
        renamed["replace_if_exists"] = over
        renamed["file_name"] = path.replace("/", "\\").encode("utf-16-le")
        self._set(handle, renamed)

    def drop(self) -> None:
        """Be gone, without closing anything."""
        self._connection.disconnect(close=False)

    def close(self) -> None:
        """End the session as one should."""
        self._connection.disconnect(close=True)

    def _set(self, handle: Any, information: Any) -> None:  # noqa: ANN401
        request = SMB2SetInfoRequest()
        request["info_type"] = information.INFO_TYPE
        request["file_info_class"] = information.INFO_CLASS
        request["file_id"] = handle.file_id
        request["buffer"] = information
        with _refusals():
            sent = self._connection.send(
                request, self._session.session_id, self._tree.tree_connect_id
            )
            answer = self._connection.receive(sent)
            assert answer["command"].get_value() == Commands.SMB2_SET_INFO
            SMB2SetInfoResponse().unpack(answer["data"].get_value())

    def __enter__(self) -> Self:
        """Be connected for a while."""
        return self

    def __exit__(self, *_: object) -> None:
        """Be gone, if it is not already."""
        self.drop()


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except SMBResponseException as error:
        raise SmbError(NAMES.get(error.status, ""), str(error)) from error
