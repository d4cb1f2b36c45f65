import {
  ActionIcon,
  Button,
  createTheme,
  Input,
  Menu,
  Popover,
  Tooltip,
  type MantineColorsTuple,
} from '@mantine/core';

const brand: MantineColorsTuple = [
  '#eef0ff',
  '#dcdffa',
  '#b6bcf1',
  '#8e97e8',
  '#6c78e0',
  '#5664db',
  '#4353d6',
  '#3946bd',
  '#313eaa',
  '#263496',
];

const dark: MantineColorsTuple = [
  '#ececf1',
  '#b0b1bd',
  '#8f909e',
  '#62646f',
  '#3d404b',
  '#2b2d35',
  '#1c1d22',
  '#17181c',
  '#111215',
  '#0c0d0f',
];

/** From the seventh on dark enough for white text on it, and for text on white. */
const red: MantineColorsTuple = [
  '#fff5f5',
  '#ffe3e3',
  '#ffc9c9',
  '#ffa8a8',
  '#ff8787',
  '#ff6b6b',
  '#c92a2a',
  '#b42323',
  '#a01e1e',
  '#8c1a1a',
];

const input = { size: 'sm' as const };
const inputVars = { '--input-height': 'var(--x-control)', '--input-fz': 'var(--x-input)' };
const labelVars = { success: {}, label: { '--input-label-size': 'var(--x-size-small)' }, error: { '--input-error-size': 'var(--x-size-small)' }, description: { '--input-description-size': 'var(--x-size-small)' } };

/** The component library's theme, made of the tokens in tokens.css. */
export const theme = createTheme({
  colors: { brand, dark, red },
  primaryColor: 'brand',
  primaryShade: 6,
  fontFamily: 'var(--x-font)',
  fontFamilyMonospace: 'var(--x-mono)',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '0.9375rem', xl: '1.125rem' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '16px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({
      defaultProps: { size: 'xs' },
      vars: (_theme, { size }) => ({ root: size === 'xs' ? { '--button-height': 'var(--x-button)', '--button-fz': 'var(--x-size)' } : {} }),
      styles: { label: { fontWeight: 500 } },
    }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } }),
    Input: Input.extend({ defaultProps: input, vars: () => ({ wrapper: inputVars }) }),
    InputWrapper: Input.Wrapper.extend({ vars: () => labelVars, styles: { label: { color: 'var(--x-soft)', marginBottom: 4 } } }),
    // By name alone: the components themselves come with the pages that use them.
    TextInput: { defaultProps: input },
    Textarea: { defaultProps: input },
    Select: { defaultProps: input },
    MultiSelect: { defaultProps: input },
    TagsInput: { defaultProps: input },
    Modal: { defaultProps: { centered: true, radius: 'lg', overlayProps: { backgroundOpacity: 0.35 } } },
    Menu: Menu.extend({
      // The placeholder would be an element in the menu that is no entry: what reads the screen aloud counts it.
      defaultProps: { shadow: 'md', radius: 'md', position: 'bottom-start', offset: 4, withInitialFocusPlaceholder: false },
    }),
    Popover: Popover.extend({ defaultProps: { shadow: 'md', radius: 'md' } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withArrow: false, fz: 'xs', multiline: true, maw: 320 } }),
  },
});
