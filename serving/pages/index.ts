export { pages, type PagesOptions } from './pages.ts'
