"use strict";
// Unpacks plotly from this page, draws the figures, and draws them again for a dark screen or for paper.
(async () => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const figures = read("figures");
  const dark = read("dark");
  const PAPER_WIDTH = 680;
  const SMALL = 640;

  async function plotly() {
    const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent.trim()), (sign) => sign.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.head.appendChild(script);
  }

  function coloured(figure, isDark) {
    let text = JSON.stringify(figure);
    if (isDark) for (const [light, other] of Object.entries(dark)) text = text.replaceAll(light, other);
    return JSON.parse(text);
  }

  function fitted(figure, width) {
    if (width < SMALL) {
      const layout = figure.layout;
      layout.legend = { orientation: "h", x: 0, y: -0.16, font: { size: 11 } };
      layout.height += layout.showlegend ? 60 : 0;
      layout.margin.r = Math.min(layout.margin.r, 110);
    }
    return figure;
  }

  function draw(width) {
    const isDark = !width && matchMedia("(prefers-color-scheme: dark)").matches;
    for (const [id, figure] of Object.entries(figures)) {
      const place = document.getElementById(id);
      const shown = fitted(coloured(figure, isDark), width || place.clientWidth);
      if (width) { shown.layout.width = width; shown.layout.height = Math.round(shown.layout.height * 0.86); }
      Plotly.react(place, shown.data, shown.layout, {
        displayModeBar: false, responsive: !width,
      });
    }
  }

  try {
    await plotly();
    draw();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw());
    addEventListener("beforeprint", () => draw(PAPER_WIDTH));
    addEventListener("afterprint", () => draw());
    document.documentElement.dataset.drawn = "yes";
  } catch (problem) {
    document.documentElement.dataset.drawn = "no"; // the fallback sentence stays in each empty figure
    console.warn(problem);
  }
})();
