/** Where the tab keeps its read key; the page and the viewer of reports share it. */
export const readKeyItem = 'bullpen.read-key'
