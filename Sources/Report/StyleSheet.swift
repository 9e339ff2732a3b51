/// How the page looks: one column, two schemes of colour, tables that fold on a phone.
enum StyleSheet {
  static let text = colors + page + tables + drawings + narrow

  /// Everything drawn takes its colour from here, so that a scheme is one list.
  private static let colors = """

    :root { color-scheme: light dark;
      --page: #fcfcfb; --card: #ffffff; --ink: #1c2127; --soft: #59626d; --line: #dfe3e8;
      --band: #f1f3f6; --uint8: #2c6cb0; --int8: #5b54b8; --int16: #c4711d; --int32: #4f8a48;
      --scratch: #aeb6c0; --cut: #c0392f; --peak: #f7e9c4; }
    @media (prefers-color-scheme: dark) { :root {
      --page: #14171b; --card: #1b1f24; --ink: #e3e7eb; --soft: #9aa5b1; --line: #2e353d;
      --band: #20252b; --uint8: #6aa5e0; --int8: #a39df0; --int16: #e29a50; --int32: #8abf80;
      --scratch: #59636e; --cut: #ee7d73; --peak: #453b1d; } }
    """

  private static let page = """

    * { box-sizing: border-box; }
    body { margin: 0; background: var(--page); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
      -webkit-text-size-adjust: 100%; }
    main { max-width: 1080px; margin: 0 auto; padding: 32px 24px 80px; }
    h1 { font-size: 30px; line-height: 1.2; margin: 0; font-weight: 650; overflow-wrap: anywhere; }
    h2 { font-size: 20px; margin: 56px 0 6px; font-weight: 650; }
    h3 { font-size: 15px; margin: 28px 0 6px; font-weight: 650; }
    h4 { font-size: 13px; margin: 0 0 4px; font-weight: 500; color: var(--soft); }
    p { margin: 0 0 12px; }
    a { color: var(--uint8); text-decoration: none; }
    a:hover { text-decoration: underline; }
    code { font: 13px/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
      overflow-wrap: anywhere; }
    small { font-size: 12.5px; color: var(--soft); }
    .subtitle { color: var(--soft); margin: 4px 0 14px; }
    nav { display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 14px;
      border-bottom: 1px solid var(--line); padding-bottom: 14px; }
    .note { color: var(--soft); max-width: 76ch; font-size: 14.5px; }
    .tiles { display: grid; grid-template-columns: repeat(4, 1fr);
      gap: 1px; margin: 24px 0 0; background: var(--line); border: 1px solid var(--line);
      border-radius: 8px; overflow: hidden; }
    .tile { background: var(--card); padding: 14px 16px 12px; }
    .tile strong { display: block; font-size: 25px; line-height: 1.2; font-weight: 650;
      font-variant-numeric: tabular-nums; white-space: nowrap; }
    .tile span { display: block; font-size: 14px; }
    .tile small { display: block; line-height: 1.35; margin-top: 2px; }
    .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(280px, 1fr));
      gap: 20px; margin: 12px 0; }
    .card { min-width: 0; }
    .card code { display: block; margin-bottom: 4px; }
    .card small { display: block; line-height: 1.4; }
    .legend { display: flex; flex-wrap: wrap; gap: 2px 18px; font-size: 13px; color: var(--soft);
      margin: 6px 0 10px; }
    .legend span { display: inline-flex; align-items: center; }
    .swatch { display: inline-block; width: 11px; height: 11px; border-radius: 2px;
      margin-right: 6px; flex: none; background: var(--soft); }
    details { margin: 12px 0; }
    summary { cursor: pointer; color: var(--uint8); font-size: 14.5px; padding: 4px 0; }
    .classes { list-style: none; padding: 0; margin: 0; columns: 4 170px; font-size: 14px; }
    .classes span { display: inline-block; min-width: 28px; color: var(--soft);
      font-variant-numeric: tabular-nums; }
    figure { margin: 24px 0 0; }
    figcaption { font-size: 14px; margin-bottom: 8px; }
    figcaption b { font-weight: 600; }
    figcaption span { color: var(--soft); }
    .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; }
    """

  private static let tables = """

    table { border-collapse: collapse; width: 100%; font-size: 14px; margin: 6px 0; }
    th, td { text-align: left; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line);
      vertical-align: top; font-weight: 400; }
    thead th { color: var(--soft); font-size: 12.5px; vertical-align: bottom; }
    .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    tr > .number:last-child { padding-right: 0; }
    .soft { color: var(--soft); }
    .facts th { width: 1%; white-space: nowrap; color: var(--soft); padding-right: 24px; }
    .facts td { overflow-wrap: anywhere; }
    td .swatch { margin-right: 8px; }
    .figures { max-width: 760px; }
    .layers td { vertical-align: middle; }
    .layer code, .layer small { display: block; line-height: 1.35; }
    .track { width: 22%; }
    .bar { display: block; height: 9px; min-width: 1px; border-radius: 2px; }
    """

  private static let drawings = """

    svg { display: block; width: 100%; height: auto; }
    svg text { font-family: inherit; }
    .wide { margin: 12px 0 6px; }
    .axis { font-size: 12px; fill: var(--soft); }
    .grid { stroke: var(--line); stroke-width: 1; }
    .band { fill: var(--band); }
    .peak { fill: var(--peak); }
    .uint8 { fill: var(--uint8); } .int8 { fill: var(--int8); } .int16 { fill: var(--int16); }
    .int32 { fill: var(--int32); } .scratch { fill: var(--scratch); }
    .bar.uint8, .swatch.uint8 { background: var(--uint8); }
    .bar.int8, .swatch.int8 { background: var(--int8); }
    .bar.int16, .swatch.int16 { background: var(--int16); }
    .bar.int32, .swatch.int32 { background: var(--int32); }
    .swatch.scratch { background: var(--scratch); }
    .piece { stroke: var(--page); stroke-width: 0.6; fill-opacity: 0.85; }
    .kept { fill: var(--uint8); } .cut { fill: var(--cut); }
    .swatch.kept { background: var(--uint8); } .swatch.cut { background: var(--cut); }
    .bound { stroke: var(--ink); stroke-width: 1; } .zero { stroke: var(--soft); stroke-width: 2; }
    .photograph { border-radius: 4px; background: var(--band); }
    .frame { fill: none; stroke: var(--class); stroke-width: 2; vector-effect: non-scaling-stroke; }
    .tag { fill: var(--class); fill-opacity: 0.85; }
    .box text { fill: #ffffff; font-weight: 600; font-variant-numeric: tabular-nums; }
    .lone .frame { stroke-width: 3; stroke-dasharray: 7 4; }
    .swatch.lone { background: none; border: 2px dashed var(--ink); }
    """

  private static let narrow = """

    @media (max-width: 700px) {
      main { padding: 20px 16px 56px; }
      h1 { font-size: 24px; }
      h2 { margin-top: 44px; }
      .tiles { grid-template-columns: 1fr 1fr; }
      .tile { padding: 11px 12px 10px; }
      .tile strong { font-size: 20px; }
      .pair { grid-template-columns: 1fr; }
      .wide { overflow-x: auto; -webkit-overflow-scrolling: touch; }
      .wide svg { min-width: 680px; }
      .cards { grid-template-columns: 1fr; }
      .facts th { white-space: normal; width: 34%; padding-right: 12px; }
      th, td { padding-right: 8px; }
      .layers thead { display: none; }
      .layers tr { display: grid; grid-template-columns: repeat(3, 1fr); gap: 3px 8px;
        padding: 9px 0; border-bottom: 1px solid var(--line); }
      .layers td { border: 0; padding: 0; text-align: left; }
      .layers .layer, .layers .track { grid-column: 1 / -1; width: auto; }
      .layers .number::before { content: attr(data-name) " "; color: var(--soft);
        font-size: 12.5px; }
    }
    @media print { details:not([open]) { display: none; } nav { display: none; } }
    """
}
