export { DecimalCell as IntegerCell } from '../decimal/cell';
