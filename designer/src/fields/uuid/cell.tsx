export { MonoCell as UuidCell } from '../text/cell';
