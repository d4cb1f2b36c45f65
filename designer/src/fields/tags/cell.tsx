export { ChoicesCell as TagsCell } from '../choices/cell';
