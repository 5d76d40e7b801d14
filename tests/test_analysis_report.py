"""The report a coordinator opens: one safe file, the same every time, honest about made-up data."""

import dataclasses
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "data" / "analysis"))
import made_up
from playwright.sync_api import sync_playwright

from analysis import __main__ as command
from analysis import report, tables


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    return made_up.write(tmp_path_factory.mktemp("export"), made_up.rows(children=60, coordinators=6))


@pytest.fixture(scope="module")
def built(export):
    return report.build(export)


class Page(HTMLParser):
    """Every tag with its attributes, and the words in h1 and title."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.open = [], {"h1": "", "title": ""}, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        for tag in ("h1", "title"):
            if tag in self.open and "svg" not in self.open:
                self.words[tag] += data


def test_the_same_export_gives_the_same_bytes(export, built):
    assert report.build(export).html == built.html


def test_a_fresh_process_gives_the_same_bytes(export, built, tmp_path):
    out = tmp_path / "report.html"
    subprocess.run(
        [sys.executable, "-m", "analysis", str(export), "-o", str(out)], check=True, cwd=Path(__file__).parents[1]
    )

    assert out.read_text(encoding="utf-8") == built.html


def test_the_page_fetches_nothing_and_runs_nothing(built):
    page = Page(built.html)
    links = [v for _, attrs in page.tags for k, v in attrs.items() if k in ("src", "href", "xlink:href", "action")]

    assert links == []
    assert not {"script", "link", "iframe", "img", "object", "form"} & {tag for tag, _ in page.tags}
    assert not [k for _, attrs in page.tags for k in attrs if k.startswith("on")]
    assert "@import" not in built.css
    assert "url(" not in built.css


def test_the_fragment_has_no_style_so_that_a_strict_page_can_embed_it(built):
    page = Page(built.body("report"))

    assert "style" not in {tag for tag, _ in page.tags}
    assert not [attrs for _, attrs in page.tags if "style" in attrs]
    assert "h1" not in {tag for tag, _ in page.tags}
    assert page.tags[0] == ("div", {"class": "report"})


def test_one_heading_that_is_the_title_and_ids_that_are_unique(built):
    page = Page(built.html)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]

    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert page.words["h1"] == page.words["title"] == report.TITLE
    assert len(ids) == len(set(ids))
    assert ("html", {"lang": "en", "dir": "ltr"}) in page.tags


def test_every_picture_has_real_words_a_title_and_a_table_after_it(built):
    pictures = re.findall(r"<figure>(.*?)</figure>\s*<div class=\"scroll\"[^>]*><table>", built.html, re.S)

    assert len(pictures) == 5
    for picture in pictures:
        assert 'role="img"' in picture
        assert picture.count("<text") > 3
        named = re.search(r'aria-labelledby="(\S+) (\S+)"', picture)
        assert f'<title id="{named[1]}">' in picture
        assert f'<desc id="{named[2]}">' in picture


def test_every_header_cell_has_a_scope_and_every_table_a_caption(built):
    page = Page(built.html)

    assert all("scope" in attrs for tag, attrs in page.tags if tag == "th")
    assert built.html.count("<table>") == built.html.count("<caption>")


def test_made_up_data_say_so_at_the_top_and_on_every_printed_page(built):
    before_first_section = built.html[built.html.index("<h1>") : built.html.index("<section")]

    assert "Made-up data." in before_first_section
    assert '<div class="foot"><p>Made-up data' in built.html
    assert re.search(r"@media print.*\.foot \{ display: table-footer-group", built.css, re.S)


def test_real_data_carry_no_such_banner(tmp_path):
    found = report.build(made_up.write(tmp_path, made_up.rows(12, 3, 1), synthetic=False))

    assert "Made-up data" not in found.html


def test_words_from_the_export_are_escaped(built, tmp_path):
    def change(made):
        made["reasons"][0]["label"] = "<script>alert(1)</script>"
        for row in made["topics"]:
            row["staff_label"] = "<b>bold</b>"

    found = report.build(made_up.write(tmp_path, made_up.rows(40, 5, 2), change))

    assert "Example &lt;Villages&gt;" in built.html
    assert "<script" not in found.html
    assert "<b>bold" not in found.html


def test_the_headline_is_the_number_of_the_statistics(built):
    row = built.tables["overall"].set_index("group").loc["unexplained"]
    headline = built.html[built.html.index('class="figure"') :][:200]

    assert f"{row['estimate']:.0%}".replace("%", "\u202f%") in headline
    assert f"{row['low']:.0%}".replace("%", "\u202f%") in headline


def test_no_table_leaves_with_its_counts_of_hits(built):
    assert not [name for name, frame in built.tables.items() if "hits" in frame and name != "reasons"]


@pytest.mark.parametrize(("children", "coordinators", "stages"), [(0, 1, 1), (1, 1, 1), (6, 2, 2), (12, 3, 6)])
def test_few_children_make_a_report_that_says_it_shows_little(children, coordinators, stages, tmp_path):
    found = report.build(made_up.write(tmp_path, made_up.rows(children, coordinators, stages)))

    assert "nan" not in re.sub(r"<style>.*?</style>", "", found.html, flags=re.S).lower().replace("finan", "")
    if children < 10:
        assert "too few to show" in found.html


def test_a_file_edited_after_the_export_is_named(tmp_path):
    folder = made_up.write(tmp_path, made_up.rows(12, 3, 1))
    (folder / "sites.csv").write_text((folder / "sites.csv").read_text().replace("KE", "UG"))

    assert "Changed by hand after the export: sites.csv." in report.build(folder).html


def test_the_command_writes_the_report_and_its_tables(export, tmp_path):
    out, folder = tmp_path / "r.html", tmp_path / "tables"

    assert command.run([str(export), "-o", str(out), "--tables", str(folder)]) == 0
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "stage" not in (folder / "topics.csv").read_text().splitlines()[0]
    assert (folder / "heard_followed.csv").exists()


def test_the_command_does_not_replace_a_file_unless_told(export, tmp_path, capsys):
    out = tmp_path / "r.html"
    out.write_text("mine")

    assert command.run([str(export), "-o", str(out)]) == 73
    assert out.read_text() == "mine"
    assert "--force" in capsys.readouterr().err
    assert command.run([str(export), "-o", str(out), "--force"]) == 0
    assert [p.name for p in tmp_path.iterdir()] == ["r.html"]


def test_the_command_explains_bad_data_and_bad_places(export, tmp_path, capsys):
    assert command.run([str(tmp_path / "none"), "-o", str(tmp_path / "r.html")]) == 65
    assert "is not a folder" in capsys.readouterr().err
    assert command.run([str(export), "-o", str(tmp_path / "no" / "r.html")]) == 73
    assert "cannot be written" in capsys.readouterr().err
    with pytest.raises(SystemExit) as usage:
        command.run([])
    assert usage.value.code == 2


def test_write_makes_the_file_that_the_command_makes(export, built, tmp_path):
    assert report.write(export, tmp_path / "r.html").read_text(encoding="utf-8") == built.html
    with pytest.raises(FileExistsError, match="--force"):
        report.write(export, tmp_path / "r.html")


def test_no_cell_of_a_written_table_starts_a_formula(tmp_path):
    def change(made):
        made["reasons"][0]["label"] = "=HYPERLINK(1)"

    found = report.build(made_up.write(tmp_path / "x", made_up.rows(12, 3, 1), change))
    report.write_tables(found, tmp_path / "t")

    assert "'=HYPERLINK" in (tmp_path / "t" / "reasons.csv").read_text()


def test_the_web_may_build_from_tables_it_has_read(export, built):
    assert report.build(tables.read(export)).body() == built.body()


def test_analysis_never_imports_the_web_application():
    for file in Path(report.__file__).parent.glob("*.py"):
        assert not re.search(r"^\s*(from|import) (survey|flask|sqlalchemy)", file.read_text(encoding="utf-8"), re.M)


def test_nothing_is_cut_off_on_paper(built, chromium, tmp_path):
    """A4 less its margins is 182 mm, 688 px."""
    page_file = tmp_path / "report.html"
    page_file.write_text(built.html, encoding="utf-8")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 688, "height": 1000})
        page.emulate_media(media="print")
        page.goto(page_file.as_uri())
        widest = page.evaluate("Math.max(...[...document.querySelectorAll('table, svg')]"
                               ".map(part => part.getBoundingClientRect().right))")  # fmt: skip
        browser.close()

    assert widest <= 688


def test_every_sign_of_the_report_is_in_its_font(built):
    """The bundled font has no sign for "differs from"; from another font it draws broken."""
    assert not set("≠≤≥") & set(built.html)
    assert "D differs from W" in built.html


def test_unexplained_divergence_by_stage_shows_no_sizes_not_even_in_its_table(built):
    found = built.tables["unexplained_by_stage"]
    table = built.html[built.html.index("<caption>Unexplained divergence by stage") :].split("</table>")[0]

    assert set(found.columns).isdisjoint({"n", "clusters"})
    assert "coordinators" not in table
    assert "too few" not in table
    assert "almost" not in table


def test_numbers_of_indicators_are_rounded_and_the_caption_says_so(built):
    assert (built.tables["overall"]["n"] % 5 == 0).all()
    assert (built.tables["heard_by_stage"]["n"].dropna() % 5 == 0).all()
    assert "<caption>What happened to wishes (every n is rounded to the nearest 5)</caption>" in built.html


def test_shares_say_what_they_are_counted_out_of(built):
    assert "of the shared wishes with a decision: the child was told within 14 days" in built.html
    assert "rounds × topics where the wish or the decision is known and the other is missing" in built.html


def test_the_last_month_is_named_and_the_headline_given_without_it(export):
    """The rounds of stage 6 were decided in June."""
    read = tables.read(export)
    in_june = dataclasses.replace(read, about={**read.about, "made_in": "2026-06"})
    found = report.build(in_june)

    assert "decisions of the last month (2026-06) whose reply is still to come count as not told yet" in found.html
    assert "Without the decisions of that month, unexplained divergence is <b>" in found.html
    assert "Without the decisions of that month" not in report.build(read).html
