// Where no addon is loaded.
import { missing } from './tiers'

export const loadAddon = missing(
  'this build is for runtimes that load no addons (they do not set the node-addons condition)',
)
