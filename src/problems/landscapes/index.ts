// Landscapes: functions of two unknowns to look at. They read no files, and run in browsers.
import { basins } from './basins'
import { quadratics } from './quadratics'
import { valleys } from './valleys'

export const landscapes = [...valleys, ...basins, ...quadratics]
