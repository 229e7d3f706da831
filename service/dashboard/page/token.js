// Asks for the bearer token, once a tab, when the daemon says that it needs one.
import { onTokenNeeded, setToken } from './api.js';
import { $ } from './dom.js';

export function installTokenPrompt() {
  const dialog = $('#token-dialog');
  const field = $('#token');
  let answer = null;
  $('#token-form').addEventListener('submit', (event) => {
    event.preventDefault();
    if (!field.value) return;
    setToken(field.value.trim());
    field.value = '';
    dialog.close();
    answer();
  });
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  onTokenNeeded((wrong) => new Promise((resolve) => {
    answer = resolve;
    $('#token-wrong').hidden = !wrong;
    dialog.showModal();
    field.focus();
  }));
}
