"""The inspector finds what it says it finds: a good page passes, and each broken one fails for its own reason."""

import pytest

from .inspect_page import inspect

GOOD = """<!doctype html>
<html lang="en" dir="ltr"><head><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Staff – Heard</title>
<link rel="stylesheet" href="/static/staff.css"><script type="module" src="/static/page.js"></script></head>
<body><a class="skip" href="#main">Skip</a><main id="main"><h1>Staff</h1><img src="/a.svg" alt="">
<form method="post" action="/x"><input type="hidden" name="csrf_token" value="abc">
<label for="name">Name</label><input id="name" aria-describedby="why"><p id="why">Why</p>
<fieldset><legend>Role</legend><label><input type="radio" name="r"> One</label></fieldset><button>Save</button></form>
<table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>
<a href="tel:116111">Call</a></main></body></html>"""

BROKEN = {
    "doctype": ("<!doctype html>", ""),
    "language": (' lang="en"', ""),
    "language ": (' dir="ltr"', ""),
    "one_heading": ("<h1>Staff</h1>", "<h1>Staff</h1><h1>Staff</h1>"),
    "one_heading ": ("<h1>Staff</h1>", "<h1>Children</h1>"),
    "labels": ('<label for="name">Name</label>', ""),
    "labels ": ("<label><input type=\"radio\" name=\"r\"> One</label>", '<input type="radio" name="r"> One'),
    "legends": ("<legend>Role</legend>", ""),
    "unique_ids": ('<p id="why">', '<p id="name">x</p><p id="why">'),
    "references": ('<p id="why">', "<p>"),
    "references ": ('href="#main"', 'href="#content"'),
    "nothing_inline": ("<h1>", '<h1 style="color:red">'),
    "nothing_inline ": ("</main>", "<script>alert(1)</script></main>"),
    "nothing_inline  ": ("<button>", '<button onclick="x()">'),
    "nothing_inline   ": ('href="tel:116111"', 'href="javascript:x()"'),
    "nothing_inline    ": ("</head>", "<style>p{}</style></head>"),
    "no_third_party": ('src="/a.svg"', 'src="https://example.org/a.svg"'),
    "no_third_party ": ('action="/x"', 'action="//example.org/x"'),
    "no_third_party  ": ('alt=""', 'alt="" srcset="/a.png 1x, https://example.org/b.png 2x"'),
    "main": ('<main id="main">', '<div id="main">'),
    "names": ("<button>Save</button>", "<button></button>"),
    "tables": (' scope="col"', ""),
    "tables ": ('<th scope="col">A</th>', "<td>A</td>"),
    "pictures": (' alt=""', ""),
    "token": ('name="csrf_token" value="abc"', 'name="csrf_token" value=""'),
    "small_screens": ("initial-scale=1", "user-scalable=no"),
}  # fmt: skip


def test_a_good_page_passes() -> None:
    inspect(GOOD)


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_page_fails_for_its_own_reason(rule: str) -> None:
    good, bad = BROKEN[rule]
    assert good in GOOD

    with pytest.raises(AssertionError, match=rule.strip()):
        inspect(GOOD.replace(good, bad, 1))
