import { Dialog } from '../../shell/dialog.tsx'

/** The report of the run that made a version, in a frame of its own. */
export function ReportDialog({ version, close }: { readonly version: number; readonly close: () => void }) {
  return (
    <Dialog title={`Report of version ${version}`} className="report-dialog" close={close}>
      <iframe src={`/report.html?version=${version}`} title={`Report of version ${version}`} />
    </Dialog>
  )
}
