// Records of a benchmark → report/index.html and its pictures as SVG files, and all runs as CSV.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { explained, makeDirectory } from '../bench/files'
import { RESULTS, readResults } from '../bench/records'
import { summarize } from '../bench/summary'
import { drawFigure } from './charts/browser'
import { asDocument, emptyDocument } from './document'
import { allFigures, makeFigures } from './figures'
import { page } from './page'
import { runsCsv } from './tables'

export { type RangeTest, rangePicture } from './range'

/** Reads `directory`/results.jsonl and returns the path of the page that it wrote. */
export async function writeReport(directory: string): Promise<string> {
  if (!existsSync(join(directory, RESULTS))) throw new Error(`${directory} must hold a ${RESULTS}, got none`)
  const results = explained(join(directory, RESULTS), () => readResults(directory), 'readable')
  const summary = summarize(results)
  const figures = makeFigures(results, summary)
  const script = readFileSync(new URL('report-charts.mjs', import.meta.url), 'utf8')
  const { cauchy, cpu, date } = results.headers[0]
  const source = `Cauchy ${cauchy}, ${cpu}, ${date.slice(0, 10)}`
  const pictures = allFigures(figures).map((figure) => {
    const alone = { document: emptyDocument(), title: figure.title, source }
    const drawn = drawFigure(figure, { width: 760, contenders: figures.contenders, alone })
    return { file: `${figure.name}.svg`, text: asDocument(drawn) }
  })
  const html = page({ results, summary, figures, script })

  const folder = join(directory, 'report')
  return explained(folder, () => {
    makeDirectory(folder)
    for (const file of readdirSync(folder)) if (file.endsWith('.svg')) rmSync(join(folder, file))
    for (const { file, text } of pictures) writeFileSync(join(folder, file), text)
    writeFileSync(join(folder, 'runs.csv'), runsCsv(results.runs))
    writeFileSync(join(folder, 'index.html'), html)
    return join(folder, 'index.html')
  })
}
