import { tokenDeclarations } from './tokens.ts'

/** The page's only style sheet. Dark follows the reader's system; print is always light. */
export const stylesheet = `
:root{color-scheme:light dark;${tokenDeclarations(0)}}
@media screen and (prefers-color-scheme:dark){:root{${tokenDeclarations(1)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;-webkit-text-size-adjust:100%}
main,.masthead,.colophon{max-width:1180px;margin:0 auto;padding:0 24px}
.masthead{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 20px;padding-top:28px;padding-bottom:18px}
.masthead h1{font-size:22px;line-height:1.2;margin:0;letter-spacing:-.01em}
.masthead p{margin:0;color:var(--muted);font-size:14px;overflow-wrap:anywhere}
h2{font-size:19px;letter-spacing:-.01em;margin:44px 0 4px}
section>:not(p)+*,section>:not(p)+.panel{margin-top:16px}
h2+p{margin:0 0 14px;color:var(--muted);max-width:75ch}
h3{font-size:15px;margin:0 0 10px}
h3::first-letter{text-transform:uppercase}
section>.row{display:grid;gap:16px;grid-template-columns:repeat(2,minmax(0,1fr))}
section>.row.three{grid-template-columns:repeat(3,minmax(0,1fr))}
figure,.panel{margin:0;background:var(--panel);border:1px solid var(--grid);border-radius:10px;padding:18px 20px;min-width:0}
.chart svg{display:block;width:100%;height:auto;font-family:inherit;font-variant-numeric:tabular-nums}
.chart.narrow{display:none}
.three .chart{max-width:420px;margin:0 auto}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;list-style:none;margin:0 0 8px;padding:0;font-size:13.5px;font-variant-numeric:tabular-nums}
.legend li{display:flex;align-items:center;gap:7px}
figcaption{margin-top:10px;color:var(--muted);font-size:13.5px;line-height:1.5}
details{margin-top:10px;font-size:14px}
summary{cursor:pointer;color:var(--muted);font-size:13.5px}
summary:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:3px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--muted);font-size:13px;padding:6px 0}
th,td{padding:5px 8px;border-bottom:1px solid var(--grid);text-align:right;font-weight:400;white-space:nowrap}
th:first-child{text-align:left;padding-left:0}
th.prose,td.prose{text-align:left;white-space:normal}td.prose{min-width:36ch}
thead th{color:var(--muted);font-size:13px}
.hero{display:grid;gap:16px;grid-template-columns:minmax(0,5fr) minmax(0,6fr)}
.eyebrow{margin:0;color:var(--muted);font-size:14px}
.word{margin:2px 0 14px;font-size:clamp(54px,8.5vw,96px);line-height:1.05;font-weight:750;letter-spacing:-.035em}
.word span{font-size:.62em;margin-right:.16em;vertical-align:.1em;letter-spacing:0}
.buy{color:var(--buy)}.sell{color:var(--sell)}.hold{color:var(--muted)}
.split{display:flex;gap:3px;height:14px;margin:0 0 10px}
.split i{display:block;min-width:2px;border-radius:3px}
.split .s-sell{background:var(--sell)}.split .s-hold{background:var(--hold)}.split .s-buy{background:var(--buy)}
.odds{display:grid;grid-template-columns:repeat(3,1fr);margin:0 0 16px;font-variant-numeric:tabular-nums}
.odds div:nth-child(2){text-align:center}.odds div:nth-child(3){text-align:right}
.odds dt{font-size:13.5px;color:var(--muted)}
.odds dd{margin:0;font-size:21px;font-weight:600}
.panel p.after{margin:0 0 12px;font-size:14.5px;overflow-wrap:anywhere}
.figures{display:grid;grid-template-columns:repeat(3,auto);justify-content:space-between;margin:10px 0 14px;gap:4px 18px;font-variant-numeric:tabular-nums}
.figures dt{font-size:13.5px;color:var(--muted)}
.figures dd{margin:0;font-size:clamp(24px,3.4vw,36px);font-weight:650;letter-spacing:-.02em;line-height:1.2}
.plain{margin:0 0 8px;font-weight:600;max-width:62ch}
.caveat{margin:0 0 10px;font-size:14px;color:var(--muted);max-width:70ch}
.facts{columns:2;column-gap:40px;margin:0;font-size:14.5px}
.facts div{display:grid;grid-template-columns:130px minmax(0,1fr);break-inside:avoid;padding:6px 0;border-bottom:1px solid var(--grid)}
.facts dt{color:var(--muted)}
.facts dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
code{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
abbr{text-decoration:none}
.notes{margin:0;padding-left:20px;font-size:14.5px}
.notes li+li{margin-top:6px}
.columns{columns:190px;column-gap:20px;margin:10px 0 0;padding:0;list-style:none;overflow-wrap:anywhere}
.colophon{padding-top:30px;padding-bottom:40px;color:var(--muted);font-size:13px}
@media screen and (max-width:1000px){.three .chart{max-width:none}section>.row.three{grid-template-columns:repeat(2,minmax(0,1fr))}}
@media screen and (max-width:860px){.hero,section>.row,section>.row.three{grid-template-columns:minmax(0,1fr)}}
@media screen and (max-width:720px){
main,.masthead,.colophon{padding-left:12px;padding-right:12px}
figure,.panel{padding:14px 12px}
table{font-size:13px}th,td{padding:5px 4px}th:first-child,thead th{white-space:normal}
.chart.wide{display:none}.chart.narrow{display:block}
.facts{columns:1}.facts div{grid-template-columns:110px minmax(0,1fr)}
}
@media print{
@page{margin:12mm}
body{background:#fff;zoom:.72}main,.masthead,.colophon{max-width:none;padding-left:0;padding-right:0}
figure,.panel{break-inside:avoid;border-color:#ccc}h2,section>:not(p)+*{margin-top:16px}
h2+p{break-after:avoid}details:not([open]){display:none}.scroll{overflow:visible}
}
`
