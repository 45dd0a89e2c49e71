{{ repeat_asb_persons('perpetrator', 'asb_repeat_perpetrator') }}
