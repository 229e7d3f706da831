"""What the browser is asked about the page: contrast, names, what the chart's line covers."""

# [text, ratio, wanted] of every visible text whose contrast is under WCAG 2.1 AA (1.4.3).
LOW_CONTRAST = r"""
const parse = (c) => c.match(/[\d.]+/g).map(Number);
const channel = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const over = (top, under) => { const a = top[3] ?? 1; return [0, 1, 2].map((i) => top[i] * a + under[i] * (1 - a)); };
const ground = (node) => {
  const layers = [];
  for (let n = node; n; n = n.parentElement) layers.push(parse(getComputedStyle(n).backgroundColor));
  return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
};
const found = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const node = walk.currentNode.parentElement;
  if (!walk.currentNode.textContent.trim() || !node.checkVisibility() || node.closest('noscript, .hidden, .skip')) continue;
  const style = getComputedStyle(node);
  const size = parseFloat(style.fontSize);
  const wanted = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
  const under = ground(node);
  const [a, b] = [light(over(parse(style.color), under)), light(under)].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < wanted) found.push([walk.currentNode.textContent.trim().slice(0, 40), ratio, wanted]);
}
return found;
"""

# Share of the line's width that its longest interruption takes; the line is what has its colour.
LONGEST_BREAK = r"""
const hex = getComputedStyle(document.documentElement).getPropertyValue('--accent').trim();
const wanted = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const columns = new Set();
for (const canvas of document.querySelectorAll('#chart canvas')) {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  for (let i = 0; i < data.length; i += 4) {
    const near = wanted.every((v, k) => Math.abs(v - data[i + k]) < 24) && data[i + 3] > 200;
    if (near) columns.add((i / 4) % width);
  }
}
const xs = [...columns].sort((a, b) => a - b);
let longest = 0;
for (let i = 1; i < xs.length; i += 1) longest = Math.max(longest, xs[i] - xs[i - 1]);
return xs.length ? longest / (xs[xs.length - 1] - xs[0]) : null;
"""

# Roles of the accessibility tree that must have a name.
NAMED_ROLES = {"button", "link", "radio", "radiogroup", "spinbutton", "textbox", "application", "img",
               "image", "heading", "region", "table", "dialog"}


# [first, last] of each run of shaded columns, as shares of the canvas's width: what a decline's
# colour lies on over most of the height, in the space between the lines.
SHADED = r"""
const [r, g, b] = getComputedStyle(document.documentElement).getPropertyValue('--shade').split(',').map(Number);
const shaded = [];
for (const canvas of document.querySelectorAll('#chart canvas')) {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  for (let x = 0; x < width; x += 1) {
    let rows = 0;
    for (let y = 0; y < height; y += 4) {
      const i = (y * width + x) * 4;
      // a thin wash: premultiplied, so its colour comes back only roughly
      if (data[i + 3] > 4 && data[i + 3] < 90 && Math.abs(data[i] - r) < 24 && Math.abs(data[i + 1] - g) < 24 && Math.abs(data[i + 2] - b) < 24) rows += 1;
    }
    shaded[x] = shaded[x] || rows > height / 4 / 4;
  }
}
const runs = [];
shaded.forEach((is, x) => {
  if (!is) return;
  const last = runs.at(-1);
  if (last && x - last[1] <= 3) last[1] = x;
  else runs.push([x, x]);
});
return runs.filter(([from, to]) => to - from > 8).map((run) => run.map((x) => x / shaded.length));
"""

# How evenly the labels of the value axis stand: [value, pixels from the top] of each.
AXIS_LABELS = r"""
return [...document.querySelectorAll('#chart .dygraph-axis-label-y')]
  .map((label) => [Number(label.textContent.replace(/,/g, '')), label.getBoundingClientRect().top]);
"""


def tree_of(browser):
    """(role, name) of everything in Chromium's accessibility tree that is not passed over."""
    tree = browser.cdp("Accessibility.getFullAXTree")["nodes"]
    return [(node["role"]["value"], node.get("name", {}).get("value", "").strip())
            for node in tree if not node.get("ignored") and "role" in node]


def nameless(browser):
    return [role for role, name in tree_of(browser) if role in NAMED_ROLES and not name]
