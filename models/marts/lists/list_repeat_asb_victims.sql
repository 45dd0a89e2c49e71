{{ repeat_asb_persons('complainant', 'asb_repeat_complainant') }}
