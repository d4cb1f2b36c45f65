export { DecimalCell as FloatCell } from '../decimal/cell';
