// Turns every chart, and what every cell in JavaScript has drawn on this page, into a picture, and leaves a list of them as the page's text.
(async () => {
  const cells = [...document.querySelectorAll("[data-cell]")];

  async function chart({ figure, width, height }) {
    const { data, layout } = figure;
    return { url: await Plotly.toImage({ data, layout }, { format: "png", width, height, scale }), width, height };
  }

  // The element as a picture of itself: a copy inside an SVG image, with what canvases hold as images.
  async function drawing(element) {
    while (element.dataset.state === "running") await new Promise(wake => setTimeout(wake, 20));
    if (element.dataset.state === "failed") throw new Error(element.textContent);
    const width = Math.ceil(element.scrollWidth), height = Math.ceil(element.scrollHeight);
    if (!width || !height) throw new Error("the cell drew nothing");
    const copy = element.cloneNode(true), canvases = element.querySelectorAll("canvas");
    copy.querySelectorAll("canvas").forEach((canvas, i) => {
      const still = new Image(canvas.width, canvas.height);
      still.src = canvases[i].toDataURL();
      canvas.replaceWith(still);
    });
    copy.style.font = "14px sans-serif";
    const image = new Image();
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width * scale}" height="${height * scale}" viewBox="0 0 ${width} ${height}">`
      + `<foreignObject width="100%" height="100%">${new XMLSerializer().serializeToString(copy)}</foreignObject></svg>`);
    await image.decode();
    const paper = new OffscreenCanvas(width * scale, height * scale), pen = paper.getContext("2d");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, paper.width, paper.height);
    pen.drawImage(image, 0, 0);
    const bytes = new Uint8Array(await (await paper.convertToBlob()).arrayBuffer());
    return { url: "," + btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join("")), width, height };
  }

  const results = [];
  for (const job of jobs) {
    try {
      const { url, width, height } = job ? await chart(job) : await drawing(cells.shift());
      results.push({ png: url.slice(url.indexOf(",") + 1), width, height });
    } catch (error) {
      results.push({ error: String(error && error.message || error) });
    }
  }
  document.body.innerHTML = "<pre></pre>";
  document.body.firstChild.textContent = JSON.stringify(results);
})();
