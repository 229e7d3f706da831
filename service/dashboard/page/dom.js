// Making elements. Text goes in as text: nothing that a source or a server says becomes markup.

export const $ = (selector, root = document) => root.querySelector(selector);

// el('a.tool', {href: 'x', on: {click: f}}, 'text', child, null): an element with its children.
export function el(spec, attributes = {}, ...children) {
  const [tag, ...classes] = spec.split('.');
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(' ');
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'on') {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

// table({caption, head: [...], rows: [[...]], wide}): the first cell of a row is its heading.
export function table({ caption, head, rows, wide = false }) {
  const cells = (row) => row.map((cell, i) => (i === 0
    ? el('th', { scope: 'row' }, cell) : el('td', { 'data-label': head[i] }, cell)));
  return el(wide ? 'table.wide' : 'table', {},
    caption ? el('caption', {}, caption) : null,
    el('thead', {}, el('tr', {}, head.map((text) => el('th', { scope: 'col' }, text)))),
    el('tbody', {}, rows.map((row) => el('tr', {}, cells(row)))));
}

// A group of buttons of which one is chosen; arrow keys move the choice, as in any radio group.
export function radios(group, current, choose) {
  const buttons = [...group.querySelectorAll('[role=radio]')];
  const show = (value) => {
    const chosen = buttons.find((b) => b.dataset.value === value);
    buttons.forEach((b, i) => {
      b.setAttribute('aria-checked', String(b === chosen));
      b.tabIndex = b === chosen || (!chosen && i === 0) ? 0 : -1;
    });
  };
  group.addEventListener('click', (event) => {
    const button = event.target.closest('[role=radio]');
    if (button) choose(button.dataset.value);
  });
  group.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = buttons.indexOf(document.activeElement);
    const next = buttons[(at + step + buttons.length) % buttons.length];
    next.focus();
    choose(next.dataset.value);
  });
  show(current);
  return show;
}

// How much larger than usual the page is drawn; canvases have to be told.
export const scale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

export const cssValue = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
