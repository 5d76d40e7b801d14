"""Every page passes inspection: what a screen reader, a keyboard and a strict browser need of any page.

`inspect(html)` raises AssertionError with everything that is wrong. Each rule is one small function below and is proved
by a page that breaks it, in `test_inspect_page.py`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
OWN_HOSTS = {"", "localhost", "127.0.0.1"}
QUIET_SCHEMES = {"", "http", "https", "tel", "mailto", "data"}
SPEAKS_FOR_ITSELF = {"hidden", "submit", "button", "reset", "image"}


@dataclass(eq=False)
class Element:
    """One element of a page, with what is in it."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: list["Element | str"] = field(default_factory=list)

    def everything(self) -> Iterator["Element"]:
        """Yield this element and all elements in it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.everything()

    def all(self, *tags: str) -> list["Element"]:
        """Return the elements of these kinds in it."""
        return [element for element in self.everything() if element.tag in tags]

    def above(self) -> Iterator["Element"]:
        """Yield the elements it is in, the nearest first."""
        here = self.parent
        while here is not None:
            yield here
            here = here.parent

    @property
    def text(self) -> str:
        """What is read aloud: the text in it, and the names of pictures."""
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return " ".join(" ".join([self.attributes.get("alt", ""), *parts]).split())

    def __str__(self) -> str:
        shown = {
            key: value
            for key, value in self.attributes.items()
            if key in ("id", "name", "href", "src", "class", "type")
        }
        return f"<{self.tag}{''.join(f' {key}={value!r}' for key, value in shown.items())}>"


class Page(HTMLParser):
    """Reads a page into elements."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("", {})
        self.doctype = ""
        self.feed(html)
        self.close()
        self.ids = [element.attributes["id"] for element in self.root.everything() if "id" in element.attributes]

    def handle_decl(self, decl: str) -> None:
        """Remember the doctype."""
        self.doctype = decl.lower()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that closes itself (in SVG)."""
        self.here.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        """End an element, and whatever was left open in it."""
        around = [self.here, *self.here.above()]
        match = next((element for element in around if element.tag == tag), None)
        if match is not None and match.parent is not None:
            self.here = match.parent

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.here.children.append(data)

    def all(self, *tags: str) -> list[Element]:
        """Return the elements of these kinds."""
        return self.root.all(*tags)


def inspect(html: str) -> None:
    """Assert that a page passes every rule."""
    page = Page(html)
    wrong = [f"{rule.__name__.strip('_')}: {problem}" for rule in RULES for problem in rule(page)]
    assert not wrong, "\n".join(wrong)


def _doctype(page: Page) -> Iterator[str]:
    if page.doctype != "doctype html":
        yield "the page does not begin with <!doctype html>"


def _language(page: Page) -> Iterator[str]:
    html = page.all("html")
    if len(html) != 1 or not html[0].attributes.get("lang"):
        yield "<html> says no language"
    elif html[0].attributes.get("dir") not in ("ltr", "rtl"):
        yield "<html> says no direction"


def _one_heading(page: Page) -> Iterator[str]:
    headings, titles = (
        page.all("h1"),
        [title for title in page.all("title") if "head" in {e.tag for e in title.above()}],
    )
    if len(headings) != 1 or len(titles) != 1:
        yield f"{len(headings)} h1 and {len(titles)} titles; one of each is needed"
    elif not headings[0].text or headings[0].text not in titles[0].text:
        yield f"the h1 {headings[0].text!r} is not in the title {titles[0].text!r}"


def _labels(page: Page) -> Iterator[str]:
    named = {label.attributes.get("for"): label.text for label in page.all("label")}
    for control in page.all("input", "select", "textarea"):
        if control.attributes.get("type") in SPEAKS_FOR_ITSELF:
            continue
        around = next((e.text for e in control.above() if e.tag == "label"), "")
        if not (_named(control, page) or named.get(control.attributes.get("id", "-")) or around):
            yield f"{control} has no label"


def _legends(page: Page) -> Iterator[str]:
    for group in page.all("fieldset"):
        if not any(legend.text for legend in group.all("legend")) and not _named(group, page):
            yield f"{group} has no legend"


def _unique_ids(page: Page) -> Iterator[str]:
    for name, times in Counter(page.ids).items():
        if times > 1:
            yield f"the id {name!r} is used {times} times"


def _references(page: Page) -> Iterator[str]:
    known = set(page.ids)
    for element in page.root.everything():
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for target in element.attributes.get(name, "").split():
                if target not in known:
                    yield f"{element} points with {name} to {target!r}, which is not on the page"
        inside = re.fullmatch("#(.+)", element.attributes.get("href", "")) if element.tag == "a" else None
        if inside and inside[1] not in known:
            yield f"{element} leads nowhere"


def _nothing_inline(page: Page) -> Iterator[str]:
    for element in page.root.everything():
        if element.tag == "style" or "style" in element.attributes:
            yield f"{element} has an inline style"
        if (
            element.tag == "script"
            and not element.attributes.get("src")
            and element.attributes.get("type") != "application/json"
        ):
            yield "a script stands in the page"
        for name, value in element.attributes.items():
            if name.startswith("on") or value.strip().lower().startswith("javascript:"):
                yield f"{element} runs script from {name}"


def _no_third_party(page: Page) -> Iterator[str]:
    for element in page.root.everything():
        for name in ("src", "href", "srcset", "action", "formaction", "poster", "data", "xlink:href"):
            for address in _addresses(name, element.attributes.get(name, "")):
                where = urlsplit(address)
                if (where.hostname or "") not in OWN_HOSTS or where.scheme not in QUIET_SCHEMES:
                    yield f"{element} asks another host: {address}"
        if "@import" in element.text and element.tag == "style":
            yield "a style imports"


def _main(page: Page) -> Iterator[str]:
    if len(page.all("main")) != 1:
        yield "there is not exactly one <main>"


def _names(page: Page) -> Iterator[str]:
    for element in page.all("button", "a", "summary"):
        if not element.text and not _named(element, page):
            yield f"{element} has no text"


def _tables(page: Page) -> Iterator[str]:
    for table in page.all("table"):
        if not table.all("th"):
            yield f"{table} has no header cells"
        for cell in table.all("th"):
            if cell.attributes.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
                yield f"the header cell {cell.text!r} does not say of what (scope)"


def _pictures(page: Page) -> Iterator[str]:
    for picture in page.all("img"):
        if "alt" not in picture.attributes:
            yield f"{picture} has no alt"


def _token(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        names = {control.attributes.get("name"): control.attributes.get("value") for control in form.all("input")}
        if form.attributes.get("method", "get").lower() == "post" and not names.get("csrf_token"):
            yield f"{form} is posted without a token"


def _small_screens(page: Page) -> Iterator[str]:
    found = [meta for meta in page.all("meta") if meta.attributes.get("name") == "viewport"]
    content = found[0].attributes.get("content", "") if found else ""
    if "width=device-width" not in content or "user-scalable=no" in content or "maximum-scale" in content:
        yield "the viewport does not fit small screens, or forbids zooming"


def _named(element: Element, page: Page) -> bool:
    pointed = element.attributes.get("aria-labelledby", "").split()
    there = any(e.text for e in page.root.everything() if e.attributes.get("id") in pointed) if pointed else False
    return bool(element.attributes.get("aria-label", "").strip()) or there


def _addresses(name: str, value: str) -> list[str]:
    if name == "srcset":
        return [part.split()[0] for part in value.split(",") if part.split()]
    return [value] if value else []


RULES: tuple[Callable[[Page], Iterator[str]], ...] = (
    _doctype, _language, _one_heading, _labels, _legends, _unique_ids, _references, _nothing_inline, _no_third_party,
    _main, _names, _tables, _pictures, _token, _small_screens,
)  # fmt: skip
