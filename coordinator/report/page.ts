import { html, trusted, type Html } from './html.ts'
import { stylesheet } from './stylesheet.ts'

/** The parts of a page. */
export interface PageParts {
  readonly title: string
  readonly masthead: Html
  readonly main: readonly Html[]
  readonly colophon: Html | string
}

/** One HTML file that fetches nothing, runs nothing, and reads in light, dark, on a phone and on paper. */
export function renderPage({ title, masthead, main, colophon }: PageParts): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${trusted(stylesheet)}
        </style>
      </head>
      <body>
        <header class="masthead">${masthead}</header>
        <main>${main}</main>
        <footer class="colophon">${colophon}</footer>
      </body>
    </html> `
  return page.markup
}

/** A headed part of a page. */
export function section(title: string, lead: string, ...parts: readonly Html[]): Html {
  return html`<section>
    <h2>${title}</h2>
    <p>${lead}</p>
    ${parts}
  </section>`
}

/** Figures side by side. */
export function row(kind: 'three' | '', parts: readonly Html[]): Html {
  return html`<div class="row ${kind}">${parts}</div>`
}
