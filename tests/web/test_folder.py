"""The folder of an export: only what an export wrote is ever replaced or removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from myorx.web.document import ForeignFolderError, Page, write_document
from myorx.web.document.folder import MARKER

ONE = Page("index.html", b"one")
TWO = Page("zh/two.html", b"two")


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MARKER
    }


@pytest.mark.parametrize("there", [True, False])
def test_a_new_or_empty_folder_is_filled(tmp_path: Path, there: bool) -> None:
    folder = tmp_path / "site"
    if there:
        folder.mkdir()
    assert write_document([ONE, TWO], folder) == 2
    assert content(folder) == {"index.html": b"one", "zh/two.html": b"two"}


def test_a_later_export_replaces_its_own_and_leaves_the_rest(tmp_path: Path) -> None:
    write_document([ONE, TWO], tmp_path)
    (tmp_path / "mine.txt").write_text("kept")
    write_document([ONE._replace(body=b"new")], tmp_path)
    assert content(tmp_path) == {"index.html": b"new", "mine.txt": b"kept"}
    assert not (tmp_path / "zh").exists()


def test_a_file_that_somebody_changed_is_not_removed(tmp_path: Path) -> None:
    write_document([ONE, TWO], tmp_path)
    (tmp_path / "zh/two.html").write_text("edited")
    write_document([ONE], tmp_path)
    assert content(tmp_path)["zh/two.html"] == b"edited"


def test_a_folder_of_others_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ForeignFolderError, match=r"thesis\.txt"):
        write_document([ONE], tmp_path)
    assert content(tmp_path) == {"thesis.txt": b"years of work"}


def test_a_file_of_others_in_our_folder_is_not_overwritten(tmp_path: Path) -> None:
    write_document([ONE], tmp_path)
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh/two.html").write_text("mine")
    with pytest.raises(ForeignFolderError, match=r"two\.html"):
        write_document([ONE._replace(body=b"new"), TWO], tmp_path)
    assert content(tmp_path) == {"index.html": b"one", "zh/two.html": b"mine"}


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "site"
    place.write_text("a file")
    with pytest.raises(ForeignFolderError):
        write_document([ONE], place)
    assert place.read_text() == "a file"


@pytest.mark.parametrize(
    "marker", ["", "{}", "[]", '{"format": "other", "files": {}}', '{"files": 1}', "\x00"]
)
def test_what_is_no_marker_of_ours_opens_nothing(tmp_path: Path, marker: str) -> None:
    (tmp_path / MARKER).write_text(marker)
    with pytest.raises(ForeignFolderError):
        write_document([ONE], tmp_path)


def test_an_edited_marker_leads_nobody_out_of_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"one")
    folder = tmp_path / "site"
    write_document([ONE], folder)
    marker = json.loads((folder / MARKER).read_text())
    digest = marker["files"]["index.html"]
    marker["files"] |= {"../outside.txt": digest, str(outside): digest}
    (folder / MARKER).write_text(json.dumps(marker))
    write_document([TWO], folder)
    assert outside.read_bytes() == b"one"


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    folder = tmp_path / "site"
    write_document([ONE], folder)
    (folder / "zh").symlink_to(outside, target_is_directory=True)
    with pytest.raises(ForeignFolderError):
        write_document([ONE, TWO], folder)
    assert not list(outside.iterdir())


def test_an_export_that_was_cut_short_can_be_made_again(tmp_path: Path) -> None:
    class CutError(Exception):
        """The disk is full."""

    class Failing(bytes):
        """Fails when it is written."""

    folder = tmp_path / "site"
    write_document([ONE], folder)
    real = Path.write_bytes

    def write(self: Path, data: bytes) -> int:
        if isinstance(data, Failing):
            raise CutError
        return real(self, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "write_bytes", write)
        with pytest.raises(CutError):
            write_document([ONE, TWO, Page("z.html", Failing(b"z"))], folder)
    assert write_document([ONE, TWO], folder) == 2
