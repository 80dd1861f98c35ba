// The page: what it says, in which order.
import type { Header, Results } from '../bench/records'
import { contenderName, type StudySummary, type Summary } from '../bench/summary'
import { brief, plural } from '../bench/summary/words'
import type { Figure } from './charts/data'
import { allFigures, type Figures } from './figures'
import { escapeHtml, inlineJson, inlineScript, list } from './html'
import { style } from './look'
import { brokenTable, checksTable, problemTable, rankingTable, runsTable, throughputTable } from './tables'

export interface Report {
  results: Results
  summary: Summary
  figures: Figures
  /** The program that draws the figures. */
  script: string
}

export function page(report: Report): string {
  const { results, summary, figures, script } = report
  const data = { contenders: figures.contenders, figures: allFigures(figures) }
  const sections = [
    overall(summary, figures),
    problemSections(results, summary, figures),
    time(summary, figures),
    throughput(results, figures),
    backends(results, summary),
    broken(results),
    protocol(results),
    everything(results),
  ].filter(Boolean)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Cauchy: optimizers compared</title>
<style>${style}</style>
<main>
${[opening(results, summary, figures), contents(sections), ...sections].join('\n')}
</main>
<script type="application/json" id="figures">${inlineJson(data)}</script>
<script type="module">${inlineScript(script)}</script>
</html>
`
}

/** More problems than this are told in a list that unfolds. */
const FEW = 9

/** More rows than this are for a spreadsheet: runs.csv, or results.jsonl. */
const MANY = 1000

function figure(of: Figure | null, note = ''): string {
  if (of === null) return ''
  return `<figure><figcaption>${escapeHtml(of.title)} <a href="${of.name}.svg" aria-label="${escapeHtml(of.title)} as SVG">SVG</a></figcaption>
<div class=chart id="figure-${of.name}"></div>${note && `<p class=note>${note}</p>`}</figure>`
}

/** What a session measured on, without its command. */
const machineText = ({ cauchy, node, cpu, cores, platform, date }: Header) =>
  `Cauchy ${cauchy}, Node ${node.replace(/^v/, '')}, ${cpu} (${plural(cores, 'core')}), ${platform}, ${date.slice(0, 10)}`

function opening(results: Results, { studies, words }: Summary, { problems: shown }: Figures): string {
  const count = (of: (study: StudySummary) => string) => new Set(studies.map(of)).size
  const [problems, optimizers] = [count(({ problem }) => problem), count(({ optimizer }) => optimizer)]
  const of = `${plural(optimizers, 'optimizer')} on ${plural(problems, 'problem')}`
  const title = studies.length === 0 ? 'No runs yet' : 'Which optimizer, at which learning rate?'
  const lead =
    studies.length === 0
      ? 'The file of results holds no run: there is nothing to compare.'
      : `${of}, ${plural(results.runs.length, 'run')}. ${machineText(results.headers[0])}.`
  const texts = new Map(words.problems.map(({ problem, text }) => [problem, text]))
  const problemWords = shown.map(
    ({ problem, slug }) =>
      `<li><a href="#on-${slug}">${escapeHtml(problem)}</a>: ${escapeHtml(texts.get(problem) ?? '')}</li>`,
  )
  const each = `<ul>${problemWords.join('\n')}</ul>`
  return `<h1>${title}</h1>
<p class=lead>${escapeHtml(lead)}</p>
<noscript><p>The pictures are drawn by a script in this page; without it, see the SVG files beside it.</p></noscript>
${
  studies.length === 0
    ? ''
    : `<section class=summary aria-label="Summary">${list(words.overall, 'overall')}
${problemWords.length > FEW ? '' : `<h2>Problem by problem</h2>${each}`}
<h2>Before you conclude</h2>${list(words.caveats)}
${problemWords.length > FEW ? `<details><summary>Who won where: ${problemWords.length} problems</summary>${each}</details>` : ''}</section>`
}`
}

function overall(summary: Summary, { profiles, forgiveness }: Figures): string {
  if (summary.studies.length === 0) return ''
  return `<h2 id=all>All problems together</h2>
${profiles === null ? '<p class=note>No target was reached on a problem whose studies are done: there are no performance profiles.</p>' : ''}
${figure(
  profiles,
  `At 1×: the share of problems on which an optimizer was the fastest to the target; to the right: those it solved within so many times the steps of the fastest.${
    summary.profiles.profiles.length > (profiles?.chosen?.length ?? 0)
      ? ` In colour: the ${profiles?.chosen?.length} with the largest area under their line. Point at a grey line, or tap it, for its name.`
      : ''
  }`,
)}
${rankingTable(summary)}
${figure(
  forgiveness,
  'One thin line a problem, their median in bold: 0 is where training started, 1 the best that any optimizer reached; × did not finish. The wider the hill, the less the rate must be tuned.',
)}`
}

/** Where the reader may go, at the top. */
const contents = (sections: readonly string[]) => {
  const heads = sections.flatMap((text) => [...text.matchAll(/<h2 id=([\w-]+)>(.*?)<\/h2>/g)])
  return heads.length < 3
    ? ''
    : `<nav aria-label="Contents">${heads.map(([, id, text]) => `<a href="#${id}">${text}</a>`).join('\n')}</nav>`
}

function problemSections({ headers }: Results, { studies, words }: Summary, { problems }: Figures): string {
  if (problems.length === 0) return ''
  const name = contenderName(studies)
  const infos = new Map(headers.flatMap(({ config }) => config.problems.map((info) => [info.name, info])))
  const texts = new Map(words.problems.map(({ problem, text }) => [problem, text]))
  const sections = problems.map(({ problem, slug, figures }, i) => {
    const info = infos.get(problem)
    const about = info
      ? `${info.summary.replace(/(?<=[^.])\.?$/, '. ')}${plural(info.parameters, 'parameter')}, ${plural(info.steps, 'step')} a run${
          info.batchSize === null ? '' : ` of batches of ${info.batchSize}`
        }.${info.file === null ? '' : ` From ${info.file}.`}`
      : ''
    const own = studies.filter((study) => study.problem === problem)
    return `<details id="on-${slug}"${i === 0 ? ' open' : ''}><summary><h3>${escapeHtml(problem)}</h3></summary>
<p>${escapeHtml(about)}</p>
<p><b>${escapeHtml(texts.get(problem) ?? '')}</b></p>
<div class=pair>${figures.map((of) => figure(of, noteOf(of))).join('\n')}</div>
${problemTable(own, name)}</details>`
  })
  return `<h2 id=problems>Problem by problem</h2>\n${sections.join('\n')}`
}

function noteOf({ chart }: Figure): string {
  switch (chart.kind) {
    case 'curves':
      return `Median of the seeds that finished, at the best setting, in its quartiles${
        chart.target === null ? '' : `; dotted: the target, ${chart.target}`
      }.`
    case 'rates':
      return 'One run a setting; × at the top did not finish.'
    case 'trajectories':
      return `At the best setting, the first seed that finished: from the ring to the dot${chart.view.minima.length > 0 ? '; ★ minimum' : ''}.${
        chart.grid === null ? '' : ' Lines of equal loss behind.'
      }`
    default:
      return ''
  }
}

function time({ studies }: Summary, { split }: Figures): string {
  if (studies.length === 0) return ''
  const shares = studies.flatMap(({ time }) => (time ? [time.optimizerShare] : [])).sort((a, b) => a - b)
  const body =
    split === null
      ? '<p class=note>Nothing to show: seconds are quoted only of runs that had the machine to themselves. <code>cauchy bench --serial</code> makes such runs.</p>'
      : `<p>The rest of a step is the gradient. An optimizer that cost nothing would make training
${brief(1 / (1 - shares[0]))} to ${brief(1 / (1 - shares[shares.length - 1]))} times as fast here, and no more. The
larger the batch, the larger the gradient's share.</p>\n${figure(split)}`
  return `<h2 id=time>Where the time goes</h2>\n${body}`
}

function throughput(results: Results, { throughput }: Figures): string {
  if (throughput === null) {
    return `<h2 id=throughput>Throughput</h2>
<p class=note>Not measured in this run. <code>npm run bench:step</code>, in a clone of Cauchy, measures every optimizer against the roofline of the memory.</p>`
  }
  return `<h2 id=throughput>Throughput</h2>
${figure(throughput, 'Both axes are logarithmic; lower is faster. Dashed: the roofline, the faster of a copy of as many bytes and a step of SGD over as many. It stands for what memory allows. Medians of 7 interleaved rounds, nothing else of this bench running.')}
${throughputTable(results)}`
}

function backends(results: Results, { words }: Summary): string {
  if (results.checks.length === 0) return ''
  const all = results.checks.every(({ same }) => same)
  const shown = all ? results.checks : results.checks.filter(({ same }) => !same)
  return `<h2 id=backends>The same bits on every backend</h2>
<p>${all ? '' : '<b>Some backends disagree.</b> '}A tenth of a run of each study is repeated on every backend that loads here, and the final parameters compared to the last bit. ${escapeHtml(words.backends)}</p>
<details${all ? '' : ' open'}><summary>${plural(shown.length, 'check')}</summary>${checksTable(shown)}</details>`
}

function broken({ runs }: Results): string {
  const unfinished = runs.filter(({ outcome }) => outcome !== 'finished')
  if (unfinished.length === 0) return ''
  const failed = unfinished.filter(({ outcome }) => outcome !== 'diverged')
  const hard = failed.length
  const shown = unfinished.length > MANY ? failed : unfinished
  return `<h2 id=broken>What did not finish</h2>
<p>${plural(unfinished.length, 'run')} of ${runs.length}: ${unfinished.length - hard} diverged, ${hard} failed or took too long.${
    shown.length < unfinished.length
      ? ' Those that diverged are counted in the tables of the problems and listed in <a href="runs.csv">runs.csv</a>.'
      : ''
  }</p>
${
  shown.length === 0
    ? ''
    : `<details${hard > 0 && shown.length < 30 ? ' open' : ''}><summary>${plural(shown.length, 'run')}</summary>${brokenTable(shown.slice(0, MANY))}</details>`
}`
}

function protocol({ headers }: Results): string {
  const { config } = headers[0]
  const search = config.search === 'grid' ? 'a logarithmic grid of learning rates' : 'a quasi-random sequence'
  const items = [
    `Every optimizer gets the same budget on every problem: ${plural(config.trials, 'setting')} from ${search}, each trained once; the best is then trained with ${plural(config.seeds, 'other seed')} (budget “${config.budget}”).`,
    'The best setting reaches the target in the fewest steps; where none does, the final value decides. A run that diverged, failed or took too long counts as worse than any that finished, and as never having reached the target.',
    'Medians and quartiles are over the seeds. Performance profiles: Dolan and Moré, 2002. The protocol follows DeepOBS (Schneider, Balles and Hennig, 2019), Descending through a Crowded Valley (Schmidt, Schneider and Hennig, 2021) and AlgoPerf (Dahl et al., 2023).',
    'The seed of a run decides its initial parameters and the order of its batches, the same for every optimizer and setting.',
    ...headers.map((header) => `${machineText(header)}: ${header.command.join(' ')}`),
  ]
  return `<h2 id=protocol>How it was measured</h2>
${list(items)}
<details><summary>Configuration</summary><pre>${escapeHtml(JSON.stringify(config, null, 2))}</pre></details>`
}

function everything({ runs }: Results): string {
  if (runs.length === 0) return ''
  return `<h2 id=runs>Every run</h2>
<p>All ${plural(runs.length, 'run')} stand in <a href="runs.csv">runs.csv</a>, a file beside this page for spreadsheets.</p>
${runs.length > MANY ? '' : `<details><summary>${plural(runs.length, 'run')}</summary>${runsTable(runs)}</details>`}`
}
