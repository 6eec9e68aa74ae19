// Draws stacked bars with Chart.js: a chunk of its own, loaded when a chart is shown.
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  Tooltip,
} from "chart.js";
import type { ChartData, Series, Tone } from "./chart";

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, Tooltip);

const TILE = 8; // px
const SMALL = { size: 11 }; // px
const PATTERNS = [
  [],
  [[0, 8, 8, 0]],
  [[0, 0, 8, 8]],
  [[0, 4, 8, 4]],
  [[4, 0, 4, 8]],
  [
    [0, 8, 8, 0],
    [0, 0, 8, 8],
  ],
  [
    [0, 4, 8, 4],
    [4, 0, 4, 8],
  ],
] satisfies [number, number, number, number][][];

const TONES: Record<Tone, string> = {
  green: "green",
  yellow: "yellow",
  red: "red",
  grey: "soft",
  accent: "accent",
};

/** Draw into a canvas; a column without any count says `none`. Return how to take it away. */
export function draw(canvas: HTMLCanvasElement, data: ChartData, none: string): () => void {
  const { ticks, series } = data;
  const colour = coloursOf(canvas);
  const isEmpty = (index: number) => series.every(({ counts }) => counts[index] === null);
  const axis = { ticks: { color: colour("soft") }, grid: { color: colour("line") } };
  const days = { ...axis.ticks, autoSkip: false, maxRotation: 0, font: SMALL };
  const chart = new Chart(canvas, {
    type: "bar",
    data: {
      labels: ticks.map((tick, index) => (tick && isEmpty(index) ? [tick, none] : tick)),
      datasets: series.map((each, index) => dataset(each, index, colour)),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      scales: {
        x: { ticks: days, stacked: true, grid: { display: false } },
        y: { ...axis, stacked: true, beginAtZero: true, ticks: { ...axis.ticks, precision: 0 } },
      },
      plugins: {
        legend: {
          position: "bottom",
          onClick: () => {},
          labels: { color: colour("text"), boxWidth: 24, font: SMALL },
        },
        tooltip: { mode: "index" },
      },
    },
  });
  return () => chart.destroy();
}

function dataset(series: Series, index: number, colour: (name: string) => string) {
  const ink = colour(TONES[series.tone]);
  return {
    label: series.name,
    data: series.counts,
    backgroundColor: pattern(index, ink, colour("card")),
    borderColor: ink,
    borderWidth: 1,
    maxBarThickness: 48,
  };
}

/** The page's colours as they are now, light or dark. */
function coloursOf(canvas: HTMLCanvasElement): (name: string) => string {
  return (name) => {
    canvas.style.color = `var(--${name})`;
    return getComputedStyle(canvas).color;
  };
}

/** Lines of a colour by which a kind is told apart without colours; the first kind is plain. */
function pattern(index: number, ink: string, ground: string): CanvasPattern | string {
  const lines = PATTERNS[index % PATTERNS.length] ?? [];
  const tile = document.createElement("canvas");
  tile.width = tile.height = TILE;
  const context = tile.getContext("2d");
  if (!context || !lines.length) return ink;
  context.fillStyle = ground;
  context.fillRect(0, 0, TILE, TILE);
  context.strokeStyle = ink;
  context.lineWidth = 2;
  for (const [fromX, fromY, toX, toY] of lines) {
    context.beginPath();
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY);
    context.stroke();
  }
  return context.createPattern(tile, "repeat") ?? ink;
}
