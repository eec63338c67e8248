"""Pages on which a sentence is hidden from readers or not, as tables: what a browser draws, scripts off."""

SENTENCE = "The harbour wall lost 38 stones."

HIDING_STYLES = [
    "opacity:0",
    "opacity:0%",
    "opacity:.0",
    "font-size:0",
    "font-size:0px",
    "font:0/0 a",
    "position:absolute;left:-9999px",
    "position:absolute;top:-5000px",
    "position:relative;left:-9999px",
    "color:transparent",
    "color:rgba(0,0,0,0)",
    "color:#0000",
    "color:rgb(0 0 0 / 0%)",
    "color:white;background:white",
    "color:#fff;background-color:#FFFFFF",
    "display:none",
    "visibility:hidden",
    "visibility:collapse",
    "clip-path:inset(100%)",
    "clip-path:circle(0)",
    "display:inline-block;transform:scale(0)",
    "display:inline-block;transform:translate(-9999px)",
    "display:inline-block;translate:-9999px",
    "display:inline-block;scale:0",
    "display:inline-block;width:0;height:0;overflow:hidden",
    "display:inline-block;max-height:0;overflow:hidden",
    "display:inline-block;content-visibility:hidden",
    "-webkit-text-fill-color:transparent",
    "filter:opacity(0)",
    "text-decoration:line-through",
    "text-decoration:red line-through 2px",
    "display:inline-block;text-indent:-9999px",
    "margin-left:-9999px",
    "display:none;display:foo",
    "position:absolute;clip:rect(0,0,0,0)",
    "position:fixed;inset:0 auto auto -9999px",
    "font-size:1px",
    "opacity:calc(1 - 1)",
    "opacity:calc(0)",
    "opacity:.01",
    "font-size:calc(2px - 2px)",
    "font-size:.01em",
    "font-size:0.1px",
    "position:absolute;left:-200vw",
    "position:fixed;top:-100vh",
    "color:#fffffe;background:#fff",
]
"""In the `style` of a `<span>` within a paragraph, these hide it."""

SHOWING_STYLES = [
    "opacity:.9",
    "opacity:0;opacity:1",
    "left:-9999px",
    "position:absolute;left:10px",
    "color:white;background:black",
    "color:#eee;background:#111",
    "font-size:12px",
    "height:0;overflow:hidden",
    "width:0;overflow:hidden",
    "transform:scale(0)",
    "text-indent:-9999px",
    "max-height:0",
    "color:transparent;text-shadow:0 0 0 black",
    "color:transparent;background:linear-gradient(red,blue);background-clip:text",
    "visibility:visible",
    "display:nonexistent",
    "clip:rect(0,0,0,0)",
    "font-size:0;font-size:16px",
    "margin-left:2px",
    "text-decoration:underline",
    "opacity:calc(1 - .2)",
    "font-size:calc(10px + 4px)",
    "font-size:calc(1em * .9)",
    "left:-200vw",
    "margin-left:calc(10px - 1px)",
    "font-size:.9em",
    "color:#e0e0e0;background:#fff",
]
"""These do not."""

HIDING_BLOCKS = [
    "height:0;overflow:hidden",
    "max-height:0;overflow:hidden",
    "width:0;overflow:hidden",
    "content-visibility:hidden",
    "transform:scale(0)",
    "text-indent:-9999px",
    "transform:translateX(-9999px)",
    "opacity:0",
    "font-size:0",
]
"""Declarations of a rule for a paragraph of its own, which hide it."""

SHOWING_BLOCKS = [
    "height:0",
    "max-height:0",
    "text-indent:2em",
    "height:0;padding-bottom:50px;overflow:hidden",
    "margin:0 -9999px;padding:0 9999px",
    "transform:scale(.9)",
    "transform:none",
    "clip-path:none",
]
"""These do not."""

HIDING_RULES = [
    (".story .q{display:none}", "class=q"),
    (".para>.q{opacity:0}", "class=q"),
    (":is(.q,.r){display:none}", "class=q"),
    (":where(.q){display:none}", "class=q"),
    ("span:not(.ok){display:none}", "class=q"),
    ("[data-x=y]{display:none}", "data-x=y"),
    (".para span:nth-child(1){display:none}", "class=z"),
    ("@media screen{.q{display:none}}", "class=q"),
    ("@supports (display:grid){.q{display:none}}", "class=q"),
    ("@layer a{.q{display:none}}", "class=q"),
    (".para{.q{display:none}}", "class=q"),
    (".para{& .q{display:none}}", "class=q"),
    (".q{display:inline}.q{display:none}", "class=q"),
    (".q{display:none!important}.q{display:inline}", "class=q"),
    ("#i{display:none}.q{display:inline}", "class=q id=i"),
    ("@layer a,b;@layer b{.q{display:none}}@layer a{.q{display:inline}}", "class=q"),
    ("span{display:none}", "class=q"),
    ("*[class=q]{font-size:0}", "class=q"),
    (".q{display:none}.q.on{display:inline}", "class=q"),
    ("@media (min-width:600px) and (max-width:3000px){.q{display:none}}", "class=q"),
    ("@media (width>=600px){.q{display:none}}", "class=q"),
    ("p+p .q{display:none}", "class=q"),
    (".q{color:#fff}body{background:#fff}", "class=q"),
    (".q{opacity:0;transition:opacity 1s}", "class=q"),
    ("@media not print{.q{display:none}}", "class=q"),
    (".story{}.q{visibility:hidden}", "class=q"),
    (".a\\:b{display:none}", "class=a:b"),
    ("DIV.story SPAN{DISPLAY:NONE}", "class=q"),
    (".q{font-size:.01em}", "class=q"),
    (".q{font-size:.05rem}", "class=q"),
    (".q{font-size:0.1px}", "class=q"),
    (".q{font-size:calc(1px - 1px)}", "class=q"),
    (".q{opacity:.01}", "class=q"),
    (".q{opacity:1%}", "class=q"),
    (".q{opacity:calc(1 - 1)}", "class=q"),
    (".q{position:absolute;left:-200vw}", "class=q"),
    (".q{position:absolute;left:-100vw}", "class=q"),
    (".q{dis\\70 lay:none}", "class=q"),
    (".q{d\\69splay:n\\6fne}", "class=q"),
    (".\\71{display:none}", "class=q"),
    (".q{disp\\lay:none}", "class=q"),
    (".q{color:#fffffe}body{background:#fff}", "class=q"),
    (".q{color:#fefefe}", "class=q"),
    (":root{--d:none}.q{display:var(--d)}", "class=q"),
    ("html { --d: none; }.q{display:var(--d, inline)}", "class=q"),
    (":root{--paper:#ffffff}body{background:var(--paper)}.q{color:var(--paper)}", "class=q"),
    (":root{--o:0;--other:1}.q{opacity:var( --o )!important}", "class=q"),
    (".q{color:#010203;background:#000}", "class=q"),
]
"""A style sheet, and the attributes of a `<span>` that it hides."""

SHOWING_RULES = [
    ("@media print{.q{display:none}}", "class=q"),
    (".q:hover{display:none}", "class=q"),
    (".no-such .q{display:none}", "class=q"),
    (".q{display:none}.q{display:inline}", "class=q"),
    (".q{display:none}.para .q{display:inline}", "class=q"),
    (".q{display:none}.q{display:inline!important}", "class=q"),
    (".q{display:none}@media(min-width:600px){.q{display:inline}}", "class=q"),
    ("@media (max-width:500px){.q{display:none}}", "class=q"),
    ("@media (prefers-color-scheme:dark){.q{color:#fff}}", "class=q"),
    (".q::after{display:none}", "class=q"),
    ("p>p .q{display:none}", "class=q"),
    ("span:not(.q){display:none}", "class=q"),
    ("@layer a,b;@layer a{.q{display:none}}@layer b{.q{display:inline}}", "class=q"),
    ("@layer a{.q{display:none}}.q{display:inline}", "class=q"),
    ("@supports not (display:grid){.q{display:none}}", "class=q"),
    (":where(#i){display:none}.q{display:inline}", "class=q id=i"),
    (".q{opacity:0;animation:k 1s forwards}@keyframes k{to{opacity:1}}", "class=q"),
    ("/*.q{display:none}*/", "class=q"),
    ("@keyframes k{from{opacity:0}}", "class=q"),
    (".q{color:#fff;background:#000}", "class=q"),
    (".q{color:#fff}.para{background:#123}", "class=q"),
    (".q{font-size:.8em}", "class=q"),
    (".q{opacity:calc(1 - .5)}", "class=q"),
    (".q{opacity:.1}", "class=q"),
    (".q{position:relative;top:-1vh}", "class=q"),
    (".q{dis\\\\70 lay:none}", "class=q"),
    (".q{dis\\70  lay:none}", "class=q"),
    (".q{color:#ddd}body{background:#fff}", "class=q"),
    (":root{--d:none}.q{display:var(--d);--d:inline}", "class=q"),
    (":root{--d:none}.q{display:var(--d)}", "class=q style='--d:inline'"),
    (":root{--d:inline}@media print{:root{--d:none}}.q{display:var(--d)}", "class=q"),
    ("@media print{:root{--d:none}}.q{display:var(--d)}", "class=q"),
    (":root{--d:inline}.q{display:var(--d)}", "class=q"),
    (".other{--d:none}.q{display:var(--d)}", "class=q"),
    (":root{--ink:#123}body{background:#fff}.q{color:var(--ink)}", "class=q"),
    (".q{color:#fff}body{background:#ddd}", "class=q"),
]
"""These do not hide it."""

HIDING_PAGES = {
    "p desc": (
        "<style>.story p.q{display:none}</style>",
        "<div class=story><p>Rain fell all night on the town, and the river rose by a metre.</p>"
        f"<p class=q>{SENTENCE}</p><p>More rain is due this week, and repairs begin in May.</p></div>",
    ),
    "p nth": (
        "<style>.story p:nth-child(2){display:none}</style>",
        "<div class=story><p>Rain fell all night on the town, and the river rose by a metre.</p>"
        f"<p class=q>{SENTENCE}</p><p>More rain is due this week, and repairs begin in May.</p></div>",
    ),
    "vis child of little": (
        "<style>.w{visibility:hidden}.in{visibility:visible}</style>",
        f"<p>Rain <span class=w>{SENTENCE}<b class=in>.</b><b class=out> x</b></span> fell.</p>",
    ),
    "vis child hidden again": (
        "<style>.w{visibility:hidden}.in{visibility:visible}.w .in{visibility:hidden}</style>",
        f"<p>Rain <span class=w><span class=in>{SENTENCE}</span></span> fell.</p>",
    ),
    "fontsize child of nothing": (
        "<style>.w{font-size:0}.in{font-size:2em}</style>",
        f"<p>Rain <span class=w><span class=in>{SENTENCE}</span></span> fell.</p>",
    ),
    "block layer": (
        "<style>@layer a{.q{display:block}}.q{display:none}</style>",
        f"<p>Rain fell all night on the town, and the river rose.</p><div class=q>{SENTENCE}</div>",
    ),
    "template": (
        "",
        f"<p>Rain.</p><template><p>{SENTENCE}</p></template>",
    ),
    "dialog": (
        "",
        f"<p>Rain.</p><dialog><p>{SENTENCE}</p></dialog>",
    ),
    "hidden": (
        "",
        f"<p>Rain.</p><p hidden>{SENTENCE}</p>",
    ),
    "input": (
        "",
        f"<p>Rain.</p><input type=hidden value='{SENTENCE}'>",
    ),
}
"""Head and body of pages that hide the sentence."""

SHOWING_PAGES = {
    "details": (
        "",
        f"<p>Rain.</p><details open><summary>x</summary><p>{SENTENCE}</p></details>",
    ),
    "fontsize parent": (
        "<style>ul{font-size:0}li{font-size:16px;display:inline-block}</style>",
        f"<ul><li>{SENTENCE}</li><li>Rain.</li></ul>",
    ),
    "vis child": (
        "",
        f"<div style='visibility:hidden'>x<p style='visibility:visible'>{SENTENCE}</p></div><p>Rain.</p>",
    ),
    "block layer important": (
        "<style>@layer a{.q{display:block!important}}.q{display:none}</style>",
        f"<p>Rain fell all night on the town, and the river rose.</p><div class=q>{SENTENCE}</div>",
    ),
    "vis child rule": (
        "<style>.w{visibility:hidden}.w .in{visibility:visible}</style>",
        f"<div class=w>x<div class=in>{SENTENCE}</div></div><p>Rain.</p>",
    ),
    "vis child in line": (
        "<style>.w{visibility:hidden}.in{visibility:visible}</style>",
        f"<p>Rain <span class=w>x</span><span class=w><span class=in>{SENTENCE}</span></span> fell.</p>",
    ),
    "vis child of one of two": (
        "<style>.w{visibility:hidden}.in{visibility:visible}</style>",
        f"<p>Rain <span class=w><b>x</b></span><span class=w><b class=in>{SENTENCE}</b></span> fell.</p>",
    ),
    "fontsize child": (
        "<style>.w{font-size:0}.in{font-size:medium}</style>",
        f"<p>Rain <span class=w><span class=in>{SENTENCE}</span></span> fell.</p>",
    ),
    "fontsize child style": (
        "<style>.w{font-size:0}</style>",
        f"<p>Rain <span class=w><span style='font-size:1rem'>{SENTENCE}</span></span> fell.</p>",
    ),
    "color child": (
        "<style>.w{color:transparent}.in{color:#123}</style>",
        f"<p>Rain <span class=w><span class=in>{SENTENCE}</span></span> fell.</p>",
    ),
}
"""These do not."""

REVEALED_PAGES = {
    "fade all": (
        "<script></script><style>.fade{opacity:0}</style>",
        f"<main><section class=fade><p>{SENTENCE}</p></section><section class=fade>"
        "<p>Rain fell on the town.</p></section><section class=fade>"
        "<p>Repairs begin in May.</p></section></main>",
    ),
    "fade one": (
        "<script></script>"
        "<style>.fade{opacity:0;transform:translateY(20px);transition:opacity .6s}.fade.in{opacity:1}</style>",
        "<main><section>"
        "<p>Rain fell for a long while on the town and on the harbour, and the river rose.</p></section>"
        f"<section class=fade><p>{SENTENCE}</p></section></main>",
    ),
    "amp": (
        "<style>body{visibility:hidden;animation:-amp-start 8s steps(1,end) 0s 1 normal both}@keyframes"
        " -amp-start{from{visibility:hidden}to{visibility:visible}}</style>",
        f"<p>{SENTENCE}</p>",
    ),
    "html op": (
        "<script></script><style>html{opacity:0}</style>",
        f"<p>{SENTENCE}</p>",
    ),
    "cloak": (
        "<script></script><style>[v-cloak]{display:none}</style>",
        f"<div v-cloak><p>{SENTENCE}</p><p>Rain fell.</p></div>",
    ),
    "app": (
        "<script></script><style>#app{visibility:hidden}</style>",
        f"<div id=app><p>{SENTENCE}</p><p>Rain fell.</p></div><p>x</p>",
    ),
    "framer": (
        "<script></script>",
        "<main><div>"
        "<p>Rain fell on the town, on the harbour, and on the hills around, for a very long time.</p></div>"
        f"<div data-f=1 style='opacity:0;transform:translateY(30px)'><p>{SENTENCE}</p></div></main>",
    ),
    "tab": (
        "<script></script><style>.pane{display:none}.pane.active{display:block}</style>",
        "<div class='pane active'><p>Rain fell on the town and the hills.</p></div><div class=pane>"
        f"<p>{SENTENCE}</p></div>",
    ),
    "tab of a later layer": (
        "<script></script><style>@layer a,b;@layer a{.pane{display:none}}@layer b{.pane.on{display:block}}</style>",
        f"<p>Rain fell all night on the town, and the river rose.</p><div class=pane>{SENTENCE}</div>",
    ),
    "accordion": (
        "<script></script><style>.panel{max-height:0;overflow:hidden;transition:max-height .2s}</style>",
        f"<h2>What fell on the town this week in the end</h2><div class=panel><p>{SENTENCE}</p></div>",
    ),
    "nojs": (
        "<script></script><style>.no-js .q{display:none}</style>",
        f"<div class=no-js><p class=q>{SENTENCE}</p><p>Rain.</p></div>",
    ),
    "aria": (
        "<script></script><style>[aria-expanded=false]+.s{display:none}</style>",
        f"<button aria-expanded=false>More</button><div class=s><p>{SENTENCE}</p></div>"
        "<p>Rain fell on the town and the hills.</p>",
    ),
    "body wf": (
        "<script></script><style>.wf-loading p{visibility:hidden}</style>",
        f"<div class=wf-loading><p>{SENTENCE}</p><p>Rain.</p></div>",
    ),
    "details closed": (
        "",
        f"<p>Rain.</p><details><summary>x</summary><p>{SENTENCE}</p></details>",
    ),
    "until": (
        "",
        f"<p>Rain.</p><p hidden=until-found>{SENTENCE}</p>",
    ),
}
"""Pages whose scripts or readers show what the styles hide."""


def with_style(style: str) -> tuple[str, str]:
    """Head and body of a page with the sentence in an element of this style."""
    return "", _paragraph(f'style="{style}"')


def with_block(declarations: str) -> tuple[str, str]:
    """Head and body of a page on which these declarations apply to the sentence's own paragraph."""
    return (
        f"<style>.q{{{declarations}}}</style>",
        "<div class=story><p>Rain fell all night on the town, and the river rose by a metre.</p>"
        f"<p class=q>{SENTENCE}</p><p>More rain is due this week, and repairs begin in May.</p></div>",
    )


def with_rules(css: str, attributes: str) -> tuple[str, str]:
    """Head and body of a page with this style sheet and the sentence in an element of these attributes."""
    return f"<style>{css}</style>", f"<div class=story>{_paragraph(attributes)}</div>"


def _paragraph(attributes: str) -> str:
    return (
        "<p>Rain fell all night on the town.</p><p class=para>On Monday, officials said this. "
        f"<span {attributes}>{SENTENCE}</span> Repairs begin in May.</p><p>More rain is due this week.</p>"
    )


HIDDEN = [
    *map(with_style, HIDING_STYLES),
    *map(with_block, HIDING_BLOCKS),
    *(with_rules(*each) for each in HIDING_RULES),
    *HIDING_PAGES.values(),
]
SEEN = [
    *map(with_style, SHOWING_STYLES),
    *map(with_block, SHOWING_BLOCKS),
    *(with_rules(*each) for each in SHOWING_RULES),
    *SHOWING_PAGES.values(),
]
