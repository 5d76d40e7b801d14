// What a test sees on a page: language, headings, sizes, words. Loaded through the debugger, so that the page's own
// policy stays in force. `look` and `focusable` look at what can be used now: behind an open sheet everything is inert.

window.heard = (() => {
  const USED = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], audio[controls]";
  const SPOKEN = ["aria-label", "alt", "placeholder", "title", "data-said", "data-left", "data-over", "data-own", "data-any"];
  const root = document.documentElement;
  const seen = (e) => !e.closest("[inert], .skip") && e.checkVisibility({ visibilityProperty: true });
  const used = () => [...document.querySelectorAll(USED)].filter((e) => seen(e) && !e.disabled);
  const ticked = (e) => e.matches("[type=radio], [type=checkbox]");
  const touched = (e) => (ticked(e) && e.closest("label")) || e;
  const name = (e) => `<${e.localName} ${e.getAttribute("class") ?? ""} ${e.name ?? ""}> ${(e.ariaLabel ?? e.textContent).trim().slice(0, 40)}`;

  // ---- what is too small to be touched, and what is too wide to be seen ----

  const isButton = (e) => e.matches("button, .button, select, textarea, input") && !ticked(e);

  function small(least, leastOfLinks) {
    return used().filter((e) => !e.matches("[role=region], audio")).flatMap((e) => {
      const [box] = touched(e).getClientRects();
      const wanted = isButton(e) ? least : leastOfLinks;
      if (!box || (box.height >= wanted - 0.5 && box.width >= wanted - 0.5)) return [];
      return [`${name(e)}: ${Math.round(box.width)} x ${Math.round(box.height)} px`];
    });
  }

  function wide() {
    const sheet = document.querySelector(".overlay.open .sheet") ?? root;
    const over = Math.max(root.scrollWidth - innerWidth, sheet.scrollWidth - sheet.clientWidth);
    if (over <= 0) return [];
    const out = [...document.querySelectorAll("body *")].filter((e) => {
      const box = e.getBoundingClientRect();
      return seen(e) && !e.ownerSVGElement && box.width && (box.right > innerWidth + 1 || box.left < -1) && !e.closest(".scroll");
    });
    return [`${over} px too wide at ${innerWidth}: ${out.slice(-3).map(name).join(" | ")}`];
  }

  // ---- words: what is shown, and what is only heard; not what says that it is in another language ----

  const own = (e) => {
    const language = e.closest("[lang]");
    return (language === root || language?.lang === root.lang) && !e.closest("script, style, template, code");
  };

  function texts() {
    const found = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (own(walker.currentNode.parentElement)) found.push(walker.currentNode.data);
    for (const e of document.querySelectorAll(SPOKEN.map((one) => `[${one}]`).join())) {
      if (own(e) && !e.matches("[data-decision] *")) found.push(...SPOKEN.map((one) => e.getAttribute(one) ?? ""));
    }
    return found.map((text) => text.replace(/\s+/g, " ").trim()).filter(Boolean);
  }

  function look(least, leastOfLinks) {
    const headings = [...document.querySelectorAll("h1")].map((e) => e.textContent.replace(/\s+/g, " ").trim());
    return { lang: root.lang, dir: root.dir, title: document.title, headings, texts: texts(), small: small(least, leastOfLinks) };
  }

  // ---- the keyboard ----

  const reached = new Set();
  const unseen = [];
  const group = (e) => (e.type === "radio" ? `${e.form?.id}/${e.name}` : e); // one of a group is enough
  const styled = (e) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(e);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };

  function follow() {
    document.addEventListener("focusin", ({ target }) => {
      reached.add(group(target));
      if (target.matches(USED) && !styled(target) && !styled(touched(target))) unseen.push(name(target));
    });
  }

  // `again` forgets what was reached on the page before a sheet was opened over it.
  const left = (again = false) => {
    if (again) {
      reached.clear();
      unseen.length = 0;
    }
    return used().filter((e) => e.tabIndex >= 0 && !reached.has(group(e))).map(name);
  };
  follow();
  return { look, wide, left, unseen: () => unseen };
})();
