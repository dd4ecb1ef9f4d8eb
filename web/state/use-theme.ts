import { useCallback, useEffect, useState } from 'react'

export type Theme = 'light' | 'dark'

const stored = 'bullpen.theme'
const darkSystem = window.matchMedia('(prefers-color-scheme: dark)')

function chosenTheme(): Theme | null {
  const theme = localStorage.getItem(stored)
  return theme === 'light' || theme === 'dark' ? theme : null
}

/** Applies the reader's choice before anything is drawn; without one the style sheet follows the system. */
export function applyTheme(): void {
  const theme = chosenTheme()
  if (theme === null) delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

/** The theme in use and a switch to the other one, remembered on this device. */
export function useTheme(): { readonly theme: Theme; readonly toggle: () => void } {
  const current = (): Theme => chosenTheme() ?? (darkSystem.matches ? 'dark' : 'light')
  const [theme, setTheme] = useState<Theme>(current)
  useEffect(() => {
    const follow = (): void => {
      setTheme(current())
    }
    darkSystem.addEventListener('change', follow)
    return () => {
      darkSystem.removeEventListener('change', follow)
    }
  }, [])
  const toggle = useCallback(() => {
    const other = current() === 'dark' ? 'light' : 'dark'
    localStorage.setItem(stored, other)
    applyTheme()
    setTheme(other)
  }, [])
  return { theme, toggle }
}
