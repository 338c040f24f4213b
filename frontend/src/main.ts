/** The one entry of every page: styles, the chosen display, and the islands that are there. */
import './styles/index.css';

import { mountIslands } from './islands';
import { applyDisplay, readDisplay } from './shared/display';

applyDisplay(readDisplay());
void mountIslands(document);
