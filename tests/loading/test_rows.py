"""Tables of rows: CSV, JSON and JSON Lines, each value with its place, and every mistake at its."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from storyboard.errors import InvalidStoryboard, StoryboardError
from storyboard.loading import row_tables
from storyboard.loading.load import parse
from storyboard.loading.row_files import ROW_FORMATS, read_rows
from storyboard.loading.row_tables import RowTable
from storyboard.loading.variables import Cell
from tests.loading.stills import lay_out


def read(folder: Path, name: str, content: str | bytes) -> RowTable:
    """The table in a file of this name."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_rows(path)


def wrong(folder: Path, name: str, content: str | bytes) -> list[str]:
    """What is said of the table, without its folder."""
    with pytest.raises(InvalidStoryboard) as caught:
        read(folder, name, content)
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def values(table: RowTable) -> list[dict[str, str]]:
    """What the rows say."""
    return [{name: str(value) for name, value in row.values.items()} for row in table.rows]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows.csv", "name,n\nporto,010\nfaro,1.50\n"),
        ("rows.csv", "\ufeffname,n\r\nporto,010\r\n\r\nfaro,1.50"),
        ("rows.csv", "name;n\nporto;010\nfaro;1.50\n"),
        ("rows.csv", 'name,n\n"porto",010\n"faro","1.50"\n'),
        ("rows.tsv", "name\tn\nporto\t010\nfaro\t1.50\n"),
        ("rows.json", '[{"name": "porto", "n": "010"}, {"name": "faro", "n": 1.50}]'),
        ("rows.json", '\ufeff[\n\t{"name":"porto","n":"010"},\r\n\t{"name":"faro","n":1.50}\n]\n'),
        ("rows.jsonl", '{"name": "porto", "n": "010"}\n\n{"name": "faro", "n": 1.50}'),
    ],
)
def test_values_are_texts_as_they_are_written(tmp_path: Path, name: str, content: str) -> None:
    """Whatever the table, with or without a mark of its order: 010 stays 010, 1.50 stays 1.50."""
    found = read(tmp_path, name, content)
    assert values(found) == [{"name": "porto", "n": "010"}, {"name": "faro", "n": "1.50"}]
    assert list(found.columns) == ["name", "n"]
    assert [row.number for row in found.rows] == [1, 2]


def test_a_value_may_have_quotes_and_several_lines(tmp_path: Path) -> None:
    """A quoted line break is one, however the system writes it; places count the file's lines."""
    table = read(tmp_path, "rows.csv", 'a,b\r\nx,"one, ""two""\r\nthree"\r\ny,z\r\n')
    assert values(table) == [{"a": "x", "b": 'one, "two"\nthree'}, {"a": "y", "b": "z"}]
    first, second = table.rows
    assert (first.places["b"].line, first.places["b"].column) == (2, 3)
    assert (second.places["b"].line, second.places["b"].column) == (4, 3)


def test_what_a_spreadsheet_writes_besides(tmp_path: Path) -> None:
    """Lines of nothing but spaces are empty, and one that says what divides columns is no header;
    quoted spaces are a value."""
    table = read(tmp_path, "rows.csv", "sep=;\r\na;b\r\n   \r\nx,1;y\r\n")
    assert values(table) == [{"a": "x,1", "b": "y"}]
    assert table.rows[0].place.line == 4
    assert values(read(tmp_path, "one.csv", 'a\n" "\n \nx\n')) == [{"a": " "}, {"a": "x"}]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("r.csv", " \n\n", ["r.csv:2:1: has no rows; write one for each film"]),
        ("r.csv", "", ["r.csv:1:1: has no rows; write one for each film"]),
        ("r.csv", "name\n", ["r.csv:1:1: has no rows; write one for each film"]),
        (
            "r.csv",
            "name,name,\nx,y,z\n",
            [
                "r.csv:1:6: a second column is called name; each has a name of its own",
                "r.csv:1:11: column 3 has no name; write one, or remove the column",
            ],
        ),
        (
            "r.csv",
            "a,b\nx\nx,y,z\n",
            [
                "r.csv:2:1: this row has 1 values, and the header 2 columns",
                "r.csv:3:5: this row has 3 values, and the header 2 columns",
            ],
        ),
        (
            "r.csv",
            'a,b\nx,"y\n',
            [
                "r.csv:2:1: quotes that begin in this row are not closed; close them, and double "
                "those inside"
            ],
        ),
        (
            "r.csv",
            'a,b\n"x"y,z\n',
            [
                "r.csv:2:1: something stands behind closing quotes; double the quotes that are "
                "inside a value"
            ],
        ),
        (
            "r.csv",
            b"a,b\nx,\xe9\n",
            ["r.csv:2:3: is not UTF-8 (byte 0xE9); save the file as UTF-8"],
        ),
        (
            "r.csv",
            "a".encode("utf-16"),
            ["r.csv:1:1: is UTF-16; save it as UTF-8 (spreadsheets call that CSV UTF-8)"],
        ),
        ("r.csv", "a,b\nx,y\x07\n", ["r.csv:2:3: b: a control character (U+0007); remove it"]),
        (
            "r.json",
            '{"a": 1}',
            [
                "r.json:1:1: a list of rows is meant: [{...}, {...}]; one object a line is a "
                ".jsonl file"
            ],
        ),
        ("r.json", "[]", ["r.json:1:1: has no rows; write one for each film"]),
        (
            "r.json",
            '[{"a": [1]},\n {"b": 1, "b": 2}]',
            [
                "r.json:1:8: a: has to be a text, a number, true or false",
                "r.json:2:11: b is here twice",
            ],
        ),
        ("r.json", '[{"a": 1} {"a": 2}]', ["r.json:1:11: , is meant here, and '{' is there"]),
        ("r.json", '[{"a": tru}]', ["r.json:1:8: is no JSON: Expecting value"]),
        ("r.json", '[{"a": NaN}]', ["r.json:1:8: NaN is no JSON"]),
        ("r.json", "[1]", ["r.json:1:2: a row is an object: {...}"]),
        ("r.json", '[{"a": 1}]]', ["r.json:1:11: something stands behind the list; remove it"]),
        (
            "r.jsonl",
            '{"a": 1}{"a": 2}\n',
            ["r.jsonl:1:9: a second object in one line; each row has a line of its own"],
        ),
        (
            "r.json",
            '[{"a":' + "[" * 100_000,
            ["r.json:1:7: nested too deep; a value is a text or a number"],
        ),
    ],
)
def test_what_is_wrong_stands_at_its_place(
    tmp_path: Path, name: str, content: str | bytes, said: list[str]
) -> None:
    """Line and column, what is wrong, and what to do."""
    assert wrong(tmp_path, name, content) == said


def test_a_key_is_refused_and_not_shown(tmp_path: Path) -> None:
    """A service key in a table: its place, without its line."""
    key = "0123abcd-0123-0123-0123-0123456789ab:" + "0" * 32
    with pytest.raises(InvalidStoryboard, match="looks like a service key") as caught:
        read(tmp_path, "rows.csv", f"a,b\nx,{key}\n")
    assert key not in caught.value.drawn()
    assert ":2:3: b: looks like" in str(caught.value)


def test_very_many_mistakes_and_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a hundred mistakes nobody reads on; so many rows are no table of films."""
    said = wrong(tmp_path, "rows.csv", "a,b\n" + "x\n" * 500)
    assert len(said) == 101
    assert said[-1].endswith("stopped after 100 mistakes; mend these")
    monkeypatch.setattr(row_tables, "MAX_ROWS", 3)
    assert "more than 3 rows" in wrong(tmp_path, "rows.csv", "a\n" + "x\n" * 4)[0]


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    """By its name: the kinds that there are."""
    with pytest.raises(StoryboardError, match=r"a table of rows is called \.csv, "):
        read_rows(tmp_path / "rows.xlsx")
    assert set(ROW_FORMATS) == {".csv", ".tsv", ".json", ".jsonl", ".ndjson"}
    with pytest.raises(InvalidStoryboard, match="does not exist"):
        read_rows(tmp_path / "none.csv")


def test_rows_that_are_made_in_code() -> None:
    """Places are fields; numbers and truths are written as JSON has them."""
    table = read_rows([{"name": "porto", "n": 2, "on": True}])
    assert values(table) == [{"name": "porto", "n": "2", "on": "true"}]
    with pytest.raises(InvalidStoryboard) as caught:
        read_rows([{"name": ["porto"]}])
    assert str(caught.value) == "rows[0].name: has to be a text, a number, true or false"
    with pytest.raises(InvalidStoryboard, match="there are no rows"):
        read_rows([])


@pytest.mark.parametrize("written", ["010", "1.50", "TRUE", "", "+5", "1e3", "null", " x "])
def test_a_cell_in_the_middle_of_a_text(
    tmp_path_factory: pytest.TempPathFactory, written: str
) -> None:
    """It stays as it is written, whatever number it could be."""
    folder = lay_out(tmp_path_factory.mktemp("cells"))
    text = (
        "version: 1\nkeyframes:\n  - image: a.png\n"
        '    shot: {prompt: "so: ${it}."}\n  - image: b.png\n'
    )
    made = parse(text.encode(), folder / "film.yaml", variables={"it": Cell(written)})
    assert next(made.shots).prompt == f"so: {written}."


class Frame:
    """A table as pandas has it: it iterates over its columns."""

    def __init__(self, rows: list[dict[str, object]]) -> None:
        self.rows = rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows[0])

    def to_dict(self, orient: str = "dict") -> object:
        """Its rows as records, as anything else otherwise."""
        return self.rows if orient == "records" else {name: {} for name in self}


def test_rows_may_be_a_table_of_pandas_with_its_numbers() -> None:
    """Numpy's numbers, decimals and paths are what they say."""
    values = [
        np.int64(3),
        np.float64(1.5),
        np.bool_(True),
        np.str_("x"),
        Decimal("1.50"),
        Path("a"),
    ]
    rows = [{"name": value} for value in values]
    said = ["3", "1.5", "true", "x", "1.50", "a"]
    for given in (Frame(rows), iter(rows), tuple(rows)):
        assert [row.values["name"] for row in read_rows(given).rows] == said


@pytest.mark.parametrize("value", [None, float("nan"), np.float64("nan"), float("inf"), [], b"a"])
def test_what_is_missing_in_a_table_is_a_mistake(value: object) -> None:
    """A cell that has nothing, which pandas writes as a number, gives no film called nan."""
    with pytest.raises(InvalidStoryboard, match=r"rows\[1\]\.name: has to be"):
        read_rows(Frame([{"name": "a"}, {"name": value}]))


@pytest.mark.parametrize("rows", [{"name": ["a"]}, ["a"], [("name", "a")]])
def test_rows_that_are_no_mappings_are_refused(rows: Any) -> None:
    """The kind of what was given is said."""
    with pytest.raises(TypeError, match=r"a row is a mapping .* rows\[0\] is a "):
        read_rows(rows)
