export { TextCell as AddressCell } from '../text/cell';
