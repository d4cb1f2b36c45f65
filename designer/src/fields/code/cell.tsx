export { MonoCell as CodeCell } from '../text/cell';
