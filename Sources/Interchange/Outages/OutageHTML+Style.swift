extension OutageHTML {
  // Colours only repeat what words, patterns and positions say.
  static let style = """
    :root {
      --paper: #fbfaf7; --ink: #1d2126; --soft: #626a73; --line: #d9d6ce; --card: #ffffff;
      --away: #9f2f1f; --late: #b7791f; --back: #2c6e63; --entry: #35508c;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #14171b; --ink: #e7e5df; --soft: #9aa3ad; --line: #31373f; --card: #1b1f25;
        --away: #e0796a; --late: #dfab55; --back: #6fbfae; --entry: #93aee6;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.55 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
    }
    main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
    .kicker {
      margin: 0; color: var(--soft); font-size: .8rem; letter-spacing: .08em;
      text-transform: uppercase;
    }
    h1 { margin: .1rem 0 1.2rem; font-size: 2.1rem; line-height: 1.15; }
    h2 {
      margin: 2.6rem 0 .8rem; padding-top: .9rem; border-top: 1px solid var(--line);
      font-size: 1.15rem;
    }
    p { margin: .6rem 0; max-width: 46rem; }
    .tiles {
      display: grid; grid-template-columns: repeat(auto-fit, minmax(8.6rem, 1fr)); gap: .7rem;
      margin: 0;
    }
    .tiles div {
      background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
      padding: .7rem .9rem;
    }
    .tiles dt { color: var(--soft); font-size: .78rem; }
    .tiles dd {
      margin: .1rem 0 0; font-size: 1.12rem; font-weight: 600;
      font-variant-numeric: tabular-nums;
    }
    .facts {
      display: grid; grid-template-columns: minmax(9rem, 15rem) 1fr; gap: .2rem 1.2rem;
      margin: .8rem 0;
    }
    .facts dt { color: var(--soft); }
    .facts dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
    .scroll { overflow-x: auto; margin: .9rem 0; }
    table { border-collapse: collapse; width: 100%; font-size: .93rem; }
    th, td {
      text-align: left; vertical-align: top; padding: .38rem .8rem .38rem 0; height: 2.1rem;
      border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums;
    }
    th { color: var(--soft); font-weight: 600; font-size: .8rem; }
    .figure { text-align: right; padding-right: 0; padding-left: .8rem; white-space: nowrap; }
    figure {
      margin: .9rem 0 1.2rem; padding: 1rem; background: var(--card);
      border: 1px solid var(--line); border-radius: .5rem; overflow-x: auto;
    }
    figure svg { display: block; width: 100%; min-width: 40rem; height: auto; }
    svg text { font-family: inherit; fill: var(--ink); font-size: 13px; }
    svg .soft { fill: var(--soft); font-size: 12px; }
    svg .rule { stroke: var(--line); }
    svg .lead { stroke: var(--soft); stroke-dasharray: 1 3; }
    svg .late { fill: url(#stripes); stroke: var(--late); }
    svg .stripe { stroke: var(--late); }
    svg .away { fill: var(--away); stroke: var(--away); }
    svg .back { fill: url(#dots); stroke: var(--back); }
    svg .dot { fill: var(--back); }
    svg .on { fill: var(--card); font-weight: 600; }
    svg .entry { fill: var(--entry); }
    svg .badge { fill: var(--card); stroke: var(--ink); stroke-width: 1.3; }
    svg .number { font-size: 12px; font-weight: 600; text-anchor: middle; }
    .place {
      border: 1px dashed var(--soft); border-radius: .4rem; padding: .5rem .8rem 2.6rem;
      margin: .7rem 0;
    }
    .place p { margin: 0; color: var(--soft); }
    @media print {
      :root {
        --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --away: #333;
        --late: #555; --back: #555; --entry: #333;
      }
      body { font-size: 10.5pt; }
      main { max-width: none; padding: 0; }
      h2, .place, figure, tr, .tiles div { break-inside: avoid; }
      h2 { break-after: avoid; }
      .scroll, figure { overflow: visible; }
    }
    """
}
