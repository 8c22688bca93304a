"""A zip sent piece by piece: whole, in order, the same each time, and never out of its folder."""

import io
import zipfile

import pytest

from common.archives import zipped

FILES = [("a.pdf", b"%PDF-1"), ("ŵ.txt", "Tŷ".encode()), ("empty", b"")]


def test_it_can_be_read_and_is_the_same_each_time():
    made = b"".join(zipped(FILES))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        assert [(entry.filename, archive.read(entry)) for entry in archive.infolist()] == FILES
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o644}
    assert b"".join(zipped(FILES)) == made


def test_each_file_is_sent_when_it_is_made():
    asked = []

    def files():
        for name, content in FILES:
            asked.append(name)
            yield name, content

    pieces = zipped(files())
    assert b"%PDF-1" in next(pieces)
    assert asked == ["a.pdf"]


def test_an_empty_zip_is_a_zip():
    with zipfile.ZipFile(io.BytesIO(b"".join(zipped([])))) as archive:
        assert archive.namelist() == []


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "a/b", "a\\b", ".htaccess", ".."])
def test_a_name_that_would_leave_its_folder_is_refused(name):
    with pytest.raises(ValueError, match="no plain name"):
        list(zipped([(name, b"")]))
