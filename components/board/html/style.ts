const LIGHT =
  "--page:#f4f6f9;--card:#fff;--text:#182030;--muted:#556074;--line:#d9dfe8;--good:#0b6e3d;--warn:#7d5100;--bad:#ad1f1f;--news:#1a55b0";
const DARK =
  "--page:#0e131a;--card:#171e28;--text:#e8edf5;--muted:#a3afc0;--line:#2d3746;--good:#63d699;--warn:#f2bd62;--bad:#ff9188;--news:#8fbaff";

/** Everything wraps, nothing scrolls sideways, and colours only repeat what signs and words say. */
export const STYLE = `
:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:100rem;margin:0 auto;padding:1rem clamp(.75rem,3vw,2rem)}
h1,h2,p,ul,ol{margin:0;padding:0}
h1{font-size:1.75rem;line-height:1.2;letter-spacing:-.01em}
h2{font-size:1.25rem;line-height:1.3}
ul,ol{list-style:none}
a{color:var(--news);text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--news);outline-offset:2px;border-radius:.25rem}
.muted{color:var(--muted);font-size:.875rem}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.good{--tone:var(--good)}.warn{--tone:var(--warn)}.bad{--tone:var(--bad)}.news{--tone:var(--news)}.plain{--tone:var(--muted)}
.chips,.jumps{display:flex;flex-wrap:wrap;gap:.5rem;margin-top:.75rem}
.chip{border:1px solid var(--tone);color:var(--tone);border-radius:1rem;padding:.125rem .75rem;font-size:.875rem;background:var(--card)}
.jumps a{display:inline-block;padding:.375rem .25rem}
main{display:grid;gap:1rem}
section{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1rem clamp(.75rem,2vw,1.25rem);min-width:0}
.head{display:flex;flex-wrap:wrap;align-items:baseline;gap:.25rem .75rem}
.pending{color:var(--tone);font-weight:600;margin-left:auto}
.pending .label{color:var(--muted);font-weight:400;font-size:.875rem}
.notes{margin-top:.5rem;display:grid;gap:.25rem;font-size:.9375rem}
.notes li{border-left:3px solid var(--tone);padding-left:.625rem}
.cells{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,11.5rem),1fr));gap:.5rem;margin-top:.75rem}
.cell{display:grid;align-content:start;gap:.125rem;border:1px solid var(--line);border-left:4px solid var(--tone);border-radius:.5rem;padding:.5rem .625rem;min-width:0;position:relative}
.release{font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.line{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:.125rem .5rem}
.state{color:var(--tone);font-size:.875rem}
.timeline{margin-top:.75rem;color:var(--muted)}
.timeline svg{display:block;overflow:visible}
.timeline line{stroke:var(--line);stroke-width:2}
.ends{display:flex;justify-content:space-between;font-size:.75rem;padding:0 1.25%}
svg .ring{fill:var(--card)}
svg.verified{fill:var(--good);stroke:var(--card);stroke-width:1}
svg.failed{fill:none;stroke:var(--bad);stroke-width:3}
svg.open{stroke:var(--warn);stroke-width:3}
svg .filled{fill:var(--good)}
.verified-word{color:var(--good)}.failed-word{color:var(--bad)}.open-word{color:var(--warn)}
details{font-size:.875rem;margin-bottom:-.5rem}
details[open]{margin-bottom:0}
summary{cursor:pointer;padding:.625rem 0;color:var(--news)}
.deployments{display:grid;gap:.25rem}
@media (max-width:34rem){.pending{margin-left:0;width:100%}}
@media print{body{background:#fff}section{break-inside:avoid}}
`;
