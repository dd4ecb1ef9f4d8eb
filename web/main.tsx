import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './design/tokens.css'
import './design/base.css'
import { LiveProvider } from './state/live.tsx'
import { SessionProvider } from './state/session.tsx'
import { applyTheme } from './state/use-theme.ts'
import { Shell } from './shell/shell.tsx'

applyTheme()
createRoot(document.getElementById('page')!).render(
  <StrictMode>
    <SessionProvider>
      <LiveProvider>
        <Shell />
      </LiveProvider>
    </SessionProvider>
  </StrictMode>,
)
