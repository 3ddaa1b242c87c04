import { describe } from 'vitest';
import { itRunsItsSamples } from '../run-tool.case.js';
import emailSender from './email-sender.js';

describe('email-sender', () => {
  itRunsItsSamples(emailSender);
});
