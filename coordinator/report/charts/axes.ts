import { axisLook as lookOf } from '#charts'
import { paint } from '../tokens.ts'

/** Looks shared by every axis, drawn with light colours: each is replaced by its CSS variable. */
export const axisLook = lookOf(paint)
