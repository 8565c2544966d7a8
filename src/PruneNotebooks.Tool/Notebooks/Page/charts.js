// Draws every chart of the page from the JSON beside it.
for (const holder of document.querySelectorAll('.chart')) {
  const figure = JSON.parse(holder.querySelector('script').textContent);
  holder.replaceChildren();
  Plotly.newPlot(holder, figure.data, figure.layout, { responsive: true, displaylogo: false });
}
