/** One component for each item type; none of them knows anything of scoring. */
import type { Component } from 'vue';

import type { Item } from '../api/client';
import MultipleResponse from './MultipleResponse.vue';
import SingleChoice from './SingleChoice.vue';

export const QUESTIONS: Readonly<Record<Item['type'], Component>> = {
  single_choice: SingleChoice,
  multiple_response: MultipleResponse,
  true_false: SingleChoice,
};
