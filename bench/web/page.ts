// Writes report/index.html: one file with its charts, data and style inside, readable without a network.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { MARGIN } from '../compare/results'
import { BATCH_SIZE, EPOCHS, SEEDS, WARMUP_EPOCHS } from '../compare/sweep'
import { backendCells, backendHead, OPTIMIZER_HEAD, optimizerCells } from '../compare/tables'
import { ORIGIN } from '../problems/digits'
import { chartData } from './chart-data'
import type { Report } from './report'
import style from './style.css'

/** Returns the path written to. */
export function writeReport(report: Report, summary: readonly string[]): string {
  const path = resolve('report/index.html')
  mkdirSync(resolve('report'), { recursive: true })
  writeFileSync(path, page(report, summary))
  return path
}

function page(report: Report, summary: readonly string[]): string {
  const { models, backends } = report
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Cauchy: optimizers and learning rates compared</title>
<style>${style}</style>
<main>
<h1>Which optimizer, at which learning rate?</h1>
<p>Eight optimizers of <b>Cauchy</b> learn to read handwritten digits, each at five learning rates with linear
warm-up and cosine decay.</p>
<ul class="summary">${summary.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('')}</ul>

<h2>Sensitivity to the learning rate</h2>
<p>Validation accuracy after ${EPOCHS} epochs. Too low, and training barely moves; too high, and it diverges
(<b class="cross">×</b>); the wider the hill, the less the rate must be tuned.</p>
<figure id="sensitivity"></figure>
<p class="note">Softmax regression has no hidden units to silence, so a rate that is too high hardly hurts it; in the
network such a rate shuts most or all units off for good, and what is left can only guess.</p>

<h2>Training loss, each optimizer at its best rate</h2>
<div class="pair">${models
    .map(
      ({ name }, i) =>
        `<figure><figcaption>${escapeHtml(name)}</figcaption><div id="loss-${i}"></div></figure>`,
    )
    .join('')}</div>

<h2>Results</h2>
${models
  .map(
    (model) =>
      `<h3>${escapeHtml(model.name)}, ${model.parameters} parameters</h3>
${table(OPTIMIZER_HEAD, model.optimizers.map(optimizerCells))}`,
  )
  .join('\n')}
<p class="note">The best rate is the one with the highest validation accuracy of those that never diverged (≥ or ≤: the highest or
lowest of those tried), so the
accuracy beside it is slightly flattered. Low, work, high and
diverged count rates; one works that ends within ${100 * MARGIN} points of the best. Accuracies, epochs and seconds are means over ${SEEDS.length} seeds; the
seconds include the gradient and the validation, in plain JavaScript.</p>

<h2>The same bits on every backend</h2>
<p>The ${escapeHtml(models[models.length - 1].name)} again, five epochs at each optimizer's best rate, on every backend
that loads here. The hash is SHA-256 over the final parameters' bytes, cut to 16 digits; the time is the median of the
optimizer's steps alone.</p>
${table(backendHead(backends), backendCells(backends), 'hashes')}
${backends.missing.map((line) => `<p class="note">${escapeHtml(line)}</p>`).join('')}

<h2>How it was measured</h2>
${protocol(report)}
</main>
<script type="application/json" id="data">${inlineJson(chartData(models))}</script>
<script>${inlineScript(readFileSync(new URL('report-client.txt', import.meta.url), 'utf8'))}</script>
</html>
`
}

function protocol({ machine, backend, digits }: Report): string {
  const { cpu, cores, node, platform, date } = machine
  const items = [
    `Data: ${ORIGIN}.`,
    `${digits.train} images for training, ${digits.count - digits.train} for validation, split by seed; ` +
      `batches of ${BATCH_SIZE}, ${EPOCHS} epochs, ${WARMUP_EPOCHS} of them warm-up.`,
    `Seeds ${SEEDS.join(', ')} decide initial weights and batch order, the same for every optimizer and rate.`,
    'Softmax regression is a linear layer; the network has 32 hidden ReLU units; both use cross-entropy.',
    `A setting diverged if, for any seed, a loss or parameter was not finite or the loss over all training ` +
      'images ended higher than it began.',
    `${date}, ${cpu} (${cores} cores), Node ${node} on ${platform}, ${backend.name} backend (${backend.isa}); ` +
      'made by npm start.',
  ]
  return `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`
}

function table(head: readonly string[], rows: readonly (readonly string[])[], kind = 'numbers'): string {
  const cell = (tag: string) => (text: string) =>
    `<${tag}>${escapeHtml(text).replaceAll('\n', '<br>')}</${tag}>`
  const row = (tag: string, cells: readonly string[]) => `<tr>${cells.map(cell(tag)).join('')}</tr>`
  return `<div class="scroll"><table class="${kind}"><thead>${row('th', head)}</thead>
<tbody>${rows.map((cells) => row('td', cells)).join('\n')}</tbody></table></div>`
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** JSON that cannot end the script element it stands in. */
function inlineJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}

/** The same for a script, where `</script` and `<!--` can only stand in strings or regular expressions. */
function inlineScript(code: string): string {
  return code.replace(/<(?=\/script|!--)/gi, '\\x3c')
}
