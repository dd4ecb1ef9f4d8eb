import './design/tokens.css'
import './design/base.css'
import './design/report-viewer.css'
import { Service } from './api/service.ts'
import { readKeyItem } from './state/read-key-item.ts'
import { applyTheme } from './state/use-theme.ts'

// The viewer of a run's report: fetches it with the reader's key, which a plain link could not send, and shows it in a
// frame with an empty sandbox, so that nothing in it runs or reaches the page.
applyTheme()
const version = Number(new URLSearchParams(location.search).get('version'))
const state = document.getElementById('report-state')!

try {
  const html = await new Service(sessionStorage.getItem(readKeyItem) ?? '').report(version)
  const frame = document.createElement('iframe')
  frame.setAttribute('sandbox', '')
  frame.title = `Report of version ${version}`
  frame.srcdoc = html
  state.replaceWith(frame)
} catch (error) {
  state.textContent = error instanceof Error ? error.message : String(error)
}
