// The colours of lines in the report and in the playground.

/**
 * In light and in dark schemes, of one hue each: the first seven after Okabe and Ito, the others as far from them and
 * from each other as they can be, also for the red- and green-blind, with a contrast of 4.5 to the page.
 */
export const PALETTE = [
  { light: '#0067a5', dark: '#6db6f2' },
  { light: '#c24e00', dark: '#ff9a5c' },
  { light: '#007a5a', dark: '#46d3a5' },
  { light: '#ad4585', dark: '#f598c8' },
  { light: '#6a3d9a', dark: '#bba2f5' },
  { light: '#8a6100', dark: '#e3bb4e' },
  { light: '#4d4d4d', dark: '#c9c9cf' },
  { light: '#540a31', dark: '#b37b7c' },
  { light: '#062372', dark: '#707bfd' },
  { light: '#534ef5', dark: '#728eb7' },
  { light: '#204f09', dark: '#dbfd56' },
  { light: '#861ccb', dark: '#f9c1fd' },
] as const
