// Starts the playground.
import 'uplot/dist/uPlot.min.css'
import './style.css'
import { render } from 'preact'
import { App } from './parts/app'

render(<App />, document.body)
