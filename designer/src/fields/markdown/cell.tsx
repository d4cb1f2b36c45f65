export { MultilineCell as MarkdownCell } from '../multiline/cell';
