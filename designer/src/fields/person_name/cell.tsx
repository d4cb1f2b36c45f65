export { TextCell as PersonNameCell } from '../text/cell';
