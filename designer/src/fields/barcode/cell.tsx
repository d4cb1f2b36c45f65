export { MonoCell as BarcodeCell } from '../text/cell';
