/** Styles of a button whose text is not of this application, and may need a second line. */
export const wrappingButton = {
  root: { height: 'auto', minHeight: 'var(--button-height)', maxWidth: '100%', paddingBlock: '0.25rem' },
  label: { whiteSpace: 'normal', overflowWrap: 'anywhere', lineHeight: 1.35, fontWeight: 500 },
} as const;
