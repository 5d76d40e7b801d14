"""The report a coordinator opens: one safe file, the same every time, in every language, honest about made-up data."""

import dataclasses
import html
import json
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
from analysis import labels, plots, report, results, tables, words

LANGUAGES = words.known()
OTHERS = [code for code in LANGUAGES if code != "en"]


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    return made_up.write(tmp_path_factory.mktemp("export"), made_up.rows(children=60, coordinators=6))


@pytest.fixture(scope="module")
def built(export):
    return report.build(export)


@pytest.fixture(scope="module")
def numbers(export):
    return results.compute(tables.read(export))


@pytest.fixture(scope="module")
def spoken(numbers):
    """The same results in every language."""
    return {code: report.render(numbers, words.speak(code)) for code in LANGUAGES}


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

    assert f"{row['estimate']:.0%}" in headline
    assert f"{row['low']:.0%}" in headline


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


@pytest.mark.parametrize("code", ["en", "ru", "ar"])
def test_nothing_is_cut_off_on_paper(spoken, chromium, tmp_path, code):
    """A4 less its margins is 182 mm, 688 px."""
    page_file = tmp_path / "report.html"
    page_file.write_text(spoken[code].html, encoding="utf-8")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 688, "height": 1000})
        page.emulate_media(media="print")
        page.goto(page_file.as_uri())
        edges = page.evaluate("[...document.querySelectorAll('table, svg')].map(part => part.getBoundingClientRect())"
                              ".flatMap(place => [place.left, place.right])")  # fmt: skip
        browser.close()

    assert min(edges) >= 0
    assert max(edges) <= 688


def test_every_sign_of_the_report_is_in_its_font(built):
    """The bundled font has no sign for "differs from"; from another font it draws broken."""
    assert not set("≠≤≥") & set(built.html)
    assert "D differs from W" in built.html.replace("\u00a0", " ")


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

    assert "decisions of the last month (June 2026) whose reply is still to come count as not told yet" in found.html
    assert "Without the decisions of that month, unexplained divergence is <b>" in found.html
    assert "Without the decisions of that month" not in report.build(read).html


# ---- languages -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_same_export_in_the_same_language_gives_the_same_bytes(export, spoken, code):
    assert report.build(export, language=code).html == spoken[code].html


def test_kept_results_make_the_same_report_later(numbers, spoken):
    kept = json.loads(json.dumps(numbers.freeze()))

    for code in ("en", "ar"):
        assert report.render(results.Results.thaw(kept), words.speak(code)).html == spoken[code].html


@pytest.mark.parametrize("damage", [{}, {"frames": {}}, {"frames": {"flow": 1}, "log": []}, {"frames": [], "log": 1}])
def test_results_that_are_not_results_are_refused(damage):
    with pytest.raises(ValueError, match="not the results"):
        results.Results.thaw(damage)


def figures(found):
    """Every number a reader sees, in order of size, written the same whatever the language writes."""
    text = html.unescape(re.sub(r"<style>.*?</style>", "", found.html, flags=re.S))
    text = re.sub(r"<(?:path|rect|line|g|svg|text)\b[^>]*>", " ", text).replace("\u200e", "")
    text = re.sub(r"<code>.*?</code>", " ", text, flags=re.S)
    symbols = found.words.locale.number_symbols["latn"]
    for space in ("\u00a0", "\u202f"):
        text = re.sub(rf"(?<=\d){space}(?=\d{{3}}(?!\d))", "", text)
    if symbols["group"] in ".,":
        text = re.sub(rf"(?<=\d){re.escape(symbols['group'])}(?=\d{{3}}(?!\d))", "", text)
    text = re.sub(rf"(?<=\d){re.escape(symbols['decimal'])}(?=\d)", ".", text)
    return sorted(re.findall(r"\u2212?\d+(?:\.\d+)*", re.sub(r"<[^>]*>", " ", text)))


@pytest.mark.parametrize("code", OTHERS)
def test_every_number_is_the_same_in_every_language(spoken, code):
    told = figures(spoken["en"])

    assert len(told) > 700
    assert figures(spoken[code]) == told


@pytest.mark.parametrize("code", OTHERS)
def test_no_english_sentence_is_left_in_another_language(spoken, code):
    said = words.speak(code).said
    english = [text for _, text in said if " " in text and "%(" not in text and text not in said.get(("", text), ())]
    text = re.sub(r"<[^>]+>", "\n", spoken[code].html).replace("\u00a0", " ")

    assert len(english) > 100
    assert [one for one in english if f"\n{one}\n" in text] == []


def test_every_word_of_our_own_tables_is_known_to_the_log(numbers):
    for table, _, rule in numbers.log:
        assert table in labels.LOG
        assert rule in labels.RULES


def test_an_arabic_report_runs_from_right_to_left_and_so_do_its_pictures(spoken):
    page = Page(spoken["ar"].html)
    pictures = re.findall(r"<svg .*?</svg>", spoken["ar"].html, re.S)

    assert ("html", {"lang": "ar", "dir": "rtl"}) in page.tags
    assert len(pictures) == 5
    assert all('direction="rtl"' in picture for picture in pictures)
    assert all('direction="ltr"' in picture for picture in re.findall(r"<svg .*?</svg>", spoken["ru"].html, re.S))


def test_in_an_arabic_picture_bars_grow_from_the_right_and_letters_stay_whole(spoken, numbers, chromium, tmp_path):
    file = tmp_path / "r.html"
    file.write_text(spoken["ar"].html, encoding="utf-8")
    first = labels.Labels(words.speak("ar"), numbers.labels).one(labels.STEPS, "rounds opened")

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(file.as_uri())
        name, bar, share, frame = page.evaluate(
            """first => {
              const svg = document.querySelector("figure svg"), texts = [...svg.querySelectorAll("text")];
              const at = element => { const r = element.getBoundingClientRect(); return [r.left, r.right]; };
              return [at(texts.find(t => t.textContent === first)), at(svg.querySelector("path[fill='#0b5394']")),
                      at(texts.find(t => t.textContent.includes("100"))), at(svg)];
            }""",
            first,
        )
        browser.close()

    assert frame[0] <= share[0] < share[1] <= bar[0] < bar[1] <= name[0] < name[1] <= frame[1]


def test_names_of_codes_come_from_the_export_in_the_language_with_the_code_beside(tmp_path):
    def change(made):
        for names, topic, code, label in (
            ("topic", "", "D3.1", "Главная цель"), ("stage", "", "S3", "План развития"),
            ("option", "D3.1", "LEARN", "Учёба"), ("reason", "", "LAW", "Суд <или> закон"),
        ):  # fmt: skip
            made["labels"].append({"names": names, "topic": topic, "code": code, "language": "ru", "label": label})

    found = report.build(made_up.write(tmp_path, made_up.rows(40, 5, 3), change), language="ru").html

    assert "<code>D3.1</code> Главная цель" in found
    assert "<code>S3</code> План развития" in found
    assert "<code>LEARN</code> Учёба" in found
    assert "<code>LAW</code> Суд &lt;или&gt; закон" in found
    assert "<code>S1</code> Приём" in found  # no name in the export: our own
    assert "<code>D1.1</code> care setting on arrival" in found  # no Russian name: the English one


def test_an_export_of_an_older_make_has_no_names_and_is_analysed_all_the_same(tmp_path):
    folder = made_up.write(tmp_path, made_up.rows(12, 3, 1))
    (folder / "labels.csv").unlink()

    assert "<code>S1</code> Receiving" in report.build(folder).html


def test_the_command_speaks_a_language_and_names_those_it_knows(export, spoken, tmp_path, capsys):
    out = tmp_path / "r.html"

    assert command.run([str(export), "-o", str(out), "--language", "sw"]) == 0
    assert out.read_text(encoding="utf-8") == spoken["sw"].html
    for code in ("tlh", "../ru", ""):
        assert command.run([str(export), "-o", str(tmp_path / "x.html"), "--language", code]) == 65
        assert "There is one in: ar, en, es, fr, ru, sw, uk." in capsys.readouterr().err


PO = """msgid ""
msgstr ""
"Language: xx\\n"
"Plural-Forms: {plural}\\n"

msgid "total"
msgstr "kokku"

msgid "%(num)s coordinator"
msgid_plural "%(num)s coordinators"
msgstr[0] "%(num)s üks"
msgstr[1] "%(num)s palju"

msgid "Export"
msgstr ""

#, fuzzy
msgid "Size"
msgstr "Suurus?"

msgid "Changed by hand after the export: %(files)s."
msgstr "Muudetud: %(wrong)s."
"""


def language_file(folder, plural="nplurals=2; plural=(n != 1);", text=PO):
    place = folder / "xx" / "LC_MESSAGES" / "report.po"
    place.parent.mkdir(parents=True)
    place.write_text(text.replace("{plural}", plural), encoding="utf-8")
    return words.speak("xx", folder)


def test_a_language_nobody_else_knows_has_words_and_plain_figures(tmp_path):
    found = language_file(tmp_path)

    assert found.gettext("total") == "kokku"
    assert [found.ngettext("%(num)s coordinator", "%(num)s coordinators", n) for n in (1, 5)] == ["1 üks", "5 palju"]
    assert (found.gettext("Export"), found.gettext("Size")) == ("Export", "Size")
    assert (found.percent(0.637), found.decimal(-1234.5, 2), found.signed(0.25)) == ("64%", "\u22121234.50", "+0.25")
    assert (found.month("2026-06"), found.direction) == ("2026-06", "ltr")


def test_a_wrong_placeholder_gives_way_to_the_english(tmp_path):
    assert language_file(tmp_path).gettext(
        "Changed by hand after the export: %(files)s.", files="x"
    ) == "Changed by hand after the export: x."  # fmt: skip


@pytest.mark.parametrize(
    "plural",
    ["nplurals=99999999; plural=(n != 1);", "nplurals=0; plural=0;", "nplurals=2; plural=__import__('os');", ""],
)
def test_an_impossible_plural_rule_costs_no_more_than_the_words(tmp_path, plural):
    found = language_file(tmp_path, plural)

    assert found.gettext("total") == "total"
    assert found.ngettext("%(num)s coordinator", "%(num)s coordinators", 2) == "2 coordinators"


BROKEN = ["", "msgid", PO + 'msgid "x\nmsgid "y"\nmsgstr "z"\n', "\ufeff\x00", "# " + "x" * 2_100_000]


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_of_words_is_not_used(tmp_path, text):
    assert language_file(tmp_path, text=text).gettext("total") == "total"


@pytest.mark.parametrize("month", ["2026-06", "2026-13", "0000-01", "soon", ""])
def test_a_month_is_written_in_words_or_left_as_it_is(month):
    assert words.speak("fr").month(month) == ("juin 2026" if month == "2026-06" else month)


def test_numbers_are_written_as_each_language_writes_them():
    written = {code: words.speak(code) for code in ("en", "ru", "es", "ar")}

    assert [w.decimal(-1234.5, 2) for w in written.values()] == [
        "\u22121,234.50", "\u22121\u00a0234,50", "\u22121.234,50", "\u200e\u22121,234.50",
    ]  # fmt: skip
    assert [w.percent(0.637).replace("\u200e", "") for w in written.values()] == [
        "64%", "64\u00a0%", "64\u00a0%", "64%",
    ]  # fmt: skip


def test_a_picture_with_too_few_wishes_says_so_in_the_language(spoken, numbers):
    paper = plots.Paper(labels.Labels(words.speak("ru"), numbers.labels))
    empty = numbers.frames["heard_followed"].mask(numbers.frames["heard_followed"] >= 0)

    assert "Желаний слишком мало" in plots.mosaic(paper, empty, "mosaic")
