// The picture's plane: where a point of the landscape is on the canvas, and back.
import type { View } from '../problems/entry'

export interface Plane {
  readonly width: number
  readonly height: number
  x(value: number): number
  y(value: number): number
  /** The point of the landscape at a place on the canvas. */
  at(x: number, y: number): [number, number]
}

export function planeOf({ x: [left, right], y: [bottom, top] }: View, width: number, height: number): Plane {
  return {
    width,
    height,
    x: (value) => ((value - left) / (right - left)) * width,
    y: (value) => ((top - value) / (top - bottom)) * height,
    at: (x, y) => [left + (x / width) * (right - left), top - (y / height) * (top - bottom)],
  }
}

/** Height over width: the landscape's own proportions, unless they are extreme. */
export const proportion = ({ x, y }: View) => Math.min(Math.max((y[1] - y[0]) / (x[1] - x[0]), 0.6), 1)

/** Fits a canvas to its place on the page at the screen's resolution, and returns its pen in CSS pixels. */
export function fitCanvas(canvas: HTMLCanvasElement, { width, height }: Plane): CanvasRenderingContext2D {
  const ratio = Math.min(devicePixelRatio || 1, 2)
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D
  pen.setTransform(ratio, 0, 0, ratio, 0, 0)
  return pen
}
