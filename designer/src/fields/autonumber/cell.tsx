export { MonoCell as AutoNumberCell } from '../text/cell';
