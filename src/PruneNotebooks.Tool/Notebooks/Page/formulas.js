// Sets every formula of the page: \( \) within a line, \[ \] and what is marked as display on lines of their own.
for (const place of document.querySelectorAll('.math')) {
  const text = place.textContent.trim();
  if (!/^\\[([]/.test(text)) continue;
  const displayMode = place.localName === 'div' || place.classList.contains('display');
  katex.render(text.slice(2, -2), place, { displayMode, throwOnError: false });
}
