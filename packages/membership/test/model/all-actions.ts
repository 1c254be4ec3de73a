/** Every kind of action that a long life meets, sorted; of a removal with its reason. */
export const ALL_ACTIONS: readonly string[] = [
  'activate',
  'alarm',
  'fix-active-size',
  'forget',
  'promote',
  'release',
  'remove drained',
  'remove never-started',
  'remove over-size',
  'remove replaced',
  'remove silent',
  'remove stalled',
  'remove surplus',
  'reserve',
  'swap',
  'transfer-leadership',
];
